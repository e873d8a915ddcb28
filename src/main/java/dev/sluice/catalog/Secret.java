package dev.sluice.catalog;

import dev.sluice.catalog.cloud.CloudAccount;
import dev.sluice.catalog.cloud.UnusableAccount;

/** A credential in memory. Its text never appears by accident: {@link #toString} is masked. */
public record Secret(String value) {

    /**
     * {@return enough to recognise it by: its beginning and its last four characters; short ones
     * not at all; of an account of a cloud, by what people know it}
     */
    public String masked() {
        if (CloudAccount.isIn(this)) {
            return account();
        }
        if (value.length() <= 7) {
            return "***";
        }
        int head = value.startsWith("sk-") ? 3 : 2;
        return value.substring(0, head) + "***" + value.substring(value.length() - 4);
    }

    private String account() {
        try {
            return CloudAccount.read(this).name();
        } catch (UnusableAccount _) {
            return "***";
        }
    }

    @Override
    public String toString() {
        return "***";
    }
}
