package nod.gateway.throttle;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The addresses that begin with the same bits.
 *
 * @param first the lowest of them
 * @param bits how many, of the 32 or 128, are the same; at least one
 */
public record AddressBlock(InetAddress first, int bits) {

    private static final Pattern CIDR = Pattern.compile("([^/]+)/([1-9]\\d{0,2})");

    /**
     * The block in CIDR notation, such as {@code 10.0.0.0/8}; empty where the text is none, is all
     * addresses there are, or names an address inside of the block in place of its first.
     */
    public static Optional<AddressBlock> parse(String text) {
        var matcher = CIDR.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int bits = Integer.parseInt(matcher.group(2));
        return Addresses.literal(matcher.group(1))
                .filter(address -> bits <= length(address))
                .map(address -> new AddressBlock(address, bits))
                .filter(AddressBlock::beginsWithItsFirst);
    }

    /** Whether the address is one of them. */
    boolean contains(InetAddress address) {
        return length(address) == length(first) && prefix(address).equals(prefix(first));
    }

    private boolean beginsWithItsFirst() {
        return prefix(first).shiftLeft(length(first) - bits).equals(number(first));
    }

    private BigInteger prefix(InetAddress address) {
        return number(address).shiftRight(length(address) - bits);
    }

    private static BigInteger number(InetAddress address) {
        return new BigInteger(1, address.getAddress());
    }

    private static int length(InetAddress address) {
        return address.getAddress().length * Byte.SIZE;
    }
}
