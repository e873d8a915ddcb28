package dev.sluice.http.address;

import java.net.InetAddress;
import java.util.Arrays;

/** Addresses that begin with the same bits, IPv4 or IPv6. */
public final class AddressRange {
    private final byte[] start;
    private final int bits;

    private AddressRange(byte[] start, int bits) {
        this.start = start;
        this.bits = bits;
    }

    /** {@return the range that is written {@code 10.0.0.0/8} or {@code ::1}} */
    public static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        try {
            if (address.indexOf(':') < 0 && address.split("\\.", -1).length != 4) {
                throw new IllegalArgumentException("Not a dotted quad");
            }
            byte[] start = InetAddress.ofLiteral(address).getAddress();
            int all = 8 * start.length;
            int bits = slash < 0 ? all : Integer.parseInt(text.substring(slash + 1));
            if (bits < 0 || bits > all) {
                throw new IllegalArgumentException("The prefix is longer than the address");
            }
            return new AddressRange(start, bits);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(
                    "An address range is written like 10.0.0.0/8, not " + text, malformed);
        }
    }

    public boolean contains(InetAddress address) {
        return contains(address.getAddress());
    }

    /** {@return whether those 4 or 16 bytes are an address of the range} */
    public boolean contains(byte[] address) {
        if (address.length != start.length) {
            return false;
        }
        int whole = bits / 8;
        if (!Arrays.equals(address, 0, whole, start, 0, whole)) {
            return false;
        }
        int rest = bits % 8;
        return rest == 0 || ((address[whole] ^ start[whole]) & 0xff) >> (8 - rest) == 0;
    }
}
