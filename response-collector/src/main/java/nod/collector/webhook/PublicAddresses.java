package nod.collector.webhook;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;

/** Tells addresses of the internet from those that lead to something of our own, or nowhere. */
final class PublicAddresses {

    /** IANA's special-purpose addresses that are not globally reachable, multicast and reserved. */
    private static final List<Block> NOT_PUBLIC_4 =
            List.of(
                    Block.of("0.0.0.0", 8),
                    Block.of("10.0.0.0", 8),
                    Block.of("100.64.0.0", 10),
                    Block.of("127.0.0.0", 8),
                    Block.of("169.254.0.0", 16),
                    Block.of("172.16.0.0", 12),
                    Block.of("192.0.0.0", 24),
                    Block.of("192.0.2.0", 24),
                    Block.of("192.88.99.0", 24),
                    Block.of("192.168.0.0", 16),
                    Block.of("198.18.0.0", 15),
                    Block.of("198.51.100.0", 24),
                    Block.of("203.0.113.0", 24),
                    Block.of("224.0.0.0", 3));

    /**
     * All of the internet's version 6. What carries an address of version 4 inside lies outside of
     * it, but for the tunnels below.
     */
    private static final Block GLOBAL_UNICAST = Block.of("2000::", 3);

    private static final List<Block> NOT_PUBLIC_6 =
            List.of(
                    // Teredo among them.
                    Block.of("2001::", 23),
                    Block.of("2001:db8::", 32),
                    // 6to4: an address of version 4 inside.
                    Block.of("2002::", 16),
                    Block.of("3fff::", 20));

    private PublicAddresses() {}

    /** Whether it is an address of the internet, and of nothing else. */
    static boolean contain(InetAddress address) {
        var bytes = address.getAddress();
        return address instanceof Inet4Address
                ? NOT_PUBLIC_4.stream().noneMatch(block -> block.contains(bytes))
                : GLOBAL_UNICAST.contains(bytes)
                        && NOT_PUBLIC_6.stream().noneMatch(block -> block.contains(bytes));
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Block(byte[] network, int bits) {

        static Block of(String literal, int bits) {
            return new Block(InetAddress.ofLiteral(literal).getAddress(), bits);
        }

        boolean contains(byte[] address) {
            for (int bit = 0; bit < bits; bit++) {
                var mask = 0x80 >> (bit % 8);
                if ((address[bit / 8] & mask) != (network[bit / 8] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }
}
