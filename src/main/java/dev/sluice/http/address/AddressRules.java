package dev.sluice.http.address;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/**
 * Which addresses a policy allows. IPv6 forms that carry an IPv4 address (mapped, compatible, 6to4,
 * NAT64) are judged by the address they carry.
 */
public final class AddressRules {
    /** Metadata services of clouds; they hand out credentials to whoever can connect. */
    private static final List<AddressRange> METADATA =
            List.of(
                    AddressRange.parse("169.254.0.0/16"),
                    AddressRange.parse("100.100.100.200/32"),
                    AddressRange.parse("168.63.129.16/32"),
                    AddressRange.parse("192.0.0.192/32"),
                    AddressRange.parse("fd00:ec2::254/128"),
                    AddressRange.parse("fd20:ce::254/128"),
                    AddressRange.parse("fd00:42::42/128"));

    private static final List<AddressRange> NO_HOST =
            List.of(
                    AddressRange.parse("0.0.0.0/8"),
                    AddressRange.parse("224.0.0.0/4"),
                    AddressRange.parse("255.255.255.255/32"),
                    AddressRange.parse("::/128"),
                    AddressRange.parse("fe80::/10"),
                    AddressRange.parse("ff00::/8"));

    /** IANA special-purpose registries, as far as not global unicast. */
    private static final List<AddressRange> NOT_PUBLIC =
            List.of(
                    AddressRange.parse("10.0.0.0/8"),
                    AddressRange.parse("100.64.0.0/10"),
                    AddressRange.parse("127.0.0.0/8"),
                    AddressRange.parse("172.16.0.0/12"),
                    AddressRange.parse("192.0.0.0/24"),
                    AddressRange.parse("192.0.2.0/24"),
                    AddressRange.parse("192.88.99.0/24"),
                    AddressRange.parse("192.168.0.0/16"),
                    AddressRange.parse("198.18.0.0/15"),
                    AddressRange.parse("198.51.100.0/24"),
                    AddressRange.parse("203.0.113.0/24"),
                    AddressRange.parse("240.0.0.0/4"),
                    AddressRange.parse("2001::/23"),
                    AddressRange.parse("2001:db8::/32"),
                    AddressRange.parse("3fff::/20"));

    private static final AddressRange LOOPBACK6 = AddressRange.parse("::1/128");
    private static final AddressRange GLOBAL_UNICAST = AddressRange.parse("2000::/3");
    private static final AddressRange SIX_TO_FOUR = AddressRange.parse("2002::/16");
    private static final AddressRange NAT64 = AddressRange.parse("64:ff9b::/96");
    private static final AddressRange LOCAL_NAT64 = AddressRange.parse("64:ff9b:1::/48");
    private static final AddressRange COMPATIBLE = AddressRange.parse("::/96");

    private AddressRules() {}

    public static boolean allows(AddressPolicy policy, InetAddress address) {
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
        return LOOPBACK6.contains(address);
    }

    private static boolean contains(List<AddressRange> ranges, byte[] address) {
        for (AddressRange range : ranges) {
            if (range.contains(address)) {
                return true;
            }
        }
        return false;
    }
}
