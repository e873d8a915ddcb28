package dev.sluice.catalog;

/** A credential in memory. Its text never appears by accident: {@link #toString} is masked. */
public record Secret(String value) {

    /**
     * {@return enough to recognise it by: its beginning and its last four characters; short ones
     * not at all}
     */
    public String masked() {
        if (value.length() <= 7) {
            return "***";
        }
        int head = value.startsWith("sk-") ? 3 : 2;
        return value.substring(0, head) + "***" + value.substring(value.length() - 4);
    }

    @Override
    public String toString() {
        return "***";
    }
}
