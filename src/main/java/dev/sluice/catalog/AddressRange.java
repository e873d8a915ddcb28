package dev.sluice.catalog;

import java.net.InetAddress;
import java.util.HexFormat;

/**
 * A range of IP addresses, such as {@code 10.0.0.0/8}, or a single one.
 *
 * @param network in hex, so that equal ranges are equal
 * @param bits how many leading bits count
 */
public record AddressRange(String network, int bits) {

    /**
     * {@return the range of that notation}
     *
     * @throws IllegalArgumentException if it is neither an IP address nor one with {@code /bits}
     */
    public static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        byte[] network = bytes(slash < 0 ? text : text.substring(0, slash), text);
        int most = network.length * 8;
        int bits = slash < 0 ? most : bits(text.substring(slash + 1), text);
        if (bits < 0 || bits > most) {
            throw notARange(text);
        }
        return new AddressRange(HexFormat.of().formatHex(network), bits);
    }

    private static int bits(String number, String text) {
        try {
            return Integer.parseInt(number);
        } catch (NumberFormatException notANumber) {
            throw notARange(text);
        }
    }

    /** Literals only: a name would be looked up in the network. */
    private static byte[] bytes(String address, String text) {
        try {
            return InetAddress.ofLiteral(address).getAddress();
        } catch (IllegalArgumentException notAnAddress) {
            throw notARange(text);
        }
    }

    private static IllegalArgumentException notARange(String text) {
        return new IllegalArgumentException(
                "'" + text + "' is neither an IP address nor a range such as 10.0.0.0/8");
    }

    /** {@return whether that address, written as a literal, lies in this range} */
    public boolean contains(String address) {
        byte[] other;
        try {
            other = InetAddress.ofLiteral(address).getAddress();
        } catch (IllegalArgumentException notAnAddress) {
            return false;
        }
        byte[] mine = HexFormat.of().parseHex(network);
        if (mine.length != other.length) {
            return false;
        }
        int whole = bits / 8;
        for (int i = 0; i < whole; i++) {
            if (mine[i] != other[i]) {
                return false;
            }
        }
        int rest = bits % 8;
        return rest == 0 || ((mine[whole] ^ other[whole]) & 0xff) >>> (8 - rest) == 0;
    }

    @Override
    public String toString() {
        try {
            String address =
                    InetAddress.getByAddress(HexFormat.of().parseHex(network)).getHostAddress();
            return address + "/" + bits;
        } catch (java.net.UnknownHostException impossible) {
            throw new IllegalStateException("the length was that of an address", impossible);
        }
    }
}
