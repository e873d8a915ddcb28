package dev.sluice.http.outbound;

import dev.sluice.http.AddressPolicy;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/**
 * Which addresses a policy allows. IPv6 forms that carry an IPv4 address (mapped, compatible, 6to4,
 * NAT64) are judged by the address they carry.
 */
final class AddressRules {
    /** Metadata services of clouds; they hand out credentials to whoever can connect. */
    private static final List<Range> METADATA =
            List.of(
                    new Range("169.254.0.0", 16),
                    new Range("100.100.100.200", 32),
                    new Range("168.63.129.16", 32),
                    new Range("192.0.0.192", 32),
                    new Range("fd00:ec2::254", 128),
                    new Range("fd20:ce::254", 128),
                    new Range("fd00:42::42", 128));

    private static final List<Range> NO_HOST =
            List.of(
                    new Range("0.0.0.0", 8),
                    new Range("224.0.0.0", 4),
                    new Range("255.255.255.255", 32),
                    new Range("::", 128),
                    new Range("fe80::", 10),
                    new Range("ff00::", 8));

    /** IANA special-purpose registries, as far as not global unicast. */
    private static final List<Range> NOT_PUBLIC =
            List.of(
                    new Range("10.0.0.0", 8),
                    new Range("100.64.0.0", 10),
                    new Range("127.0.0.0", 8),
                    new Range("172.16.0.0", 12),
                    new Range("192.0.0.0", 24),
                    new Range("192.0.2.0", 24),
                    new Range("192.88.99.0", 24),
                    new Range("192.168.0.0", 16),
                    new Range("198.18.0.0", 15),
                    new Range("198.51.100.0", 24),
                    new Range("203.0.113.0", 24),
                    new Range("240.0.0.0", 4),
                    new Range("2001::", 23),
                    new Range("2001:db8::", 32),
                    new Range("3fff::", 20));

    private static final Range GLOBAL_UNICAST = new Range("2000::", 3);
    private static final Range SIX_TO_FOUR = new Range("2002::", 16);
    private static final Range NAT64 = new Range("64:ff9b::", 96);
    private static final Range LOCAL_NAT64 = new Range("64:ff9b:1::", 48);
    private static final Range COMPATIBLE = new Range("::", 96);

    private AddressRules() {}

    static boolean allows(AddressPolicy policy, InetAddress address) {
        return allows(policy, address.getAddress());
    }

    private static boolean allows(AddressPolicy policy, byte[] address) {
        return switch (policy) {
            case ANYTHING -> true;
            case OPERATOR -> isOperatorReachable(address);
            case PUBLIC -> isPublic(address);
        };
    }

    private static boolean isOperatorReachable(byte[] address) {
        if (contains(METADATA, address) || contains(NO_HOST, address)) {
            return false;
        }
        if (isLoopback6(address)) {
            return true;
        }
        byte[] carried = carriedAddress(address);
        return carried.length == 0 || isOperatorReachable(carried);
    }

    private static boolean isPublic(byte[] address) {
        if (contains(METADATA, address)
                || contains(NO_HOST, address)
                || contains(NOT_PUBLIC, address)) {
            return false;
        }
        if (address.length == 4) {
            return true;
        }
        byte[] carried = carriedAddress(address);
        return carried.length == 0 ? GLOBAL_UNICAST.contains(address) : isPublic(carried);
    }

    /** {@return the IPv4 address inside, or nothing; what cannot be told counts as 0.0.0.0} */
    private static byte[] carriedAddress(byte[] address) {
        if (SIX_TO_FOUR.contains(address)) {
            return Arrays.copyOfRange(address, 2, 6);
        }
        if (NAT64.contains(address) || COMPATIBLE.contains(address)) {
            return Arrays.copyOfRange(address, 12, 16);
        }
        return LOCAL_NAT64.contains(address) ? new byte[4] : new byte[0];
    }

    private static boolean isLoopback6(byte[] address) {
        return address.length == 16 && new Range("::1", 128).contains(address);
    }

    private static boolean contains(List<Range> ranges, byte[] address) {
        return ranges.stream().anyMatch(range -> range.contains(address));
    }

    private record Range(byte[] start, int bits) {
        Range(String start, int bits) {
            this(InetAddress.ofLiteral(start).getAddress(), bits);
        }

        boolean contains(byte[] address) {
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
}
