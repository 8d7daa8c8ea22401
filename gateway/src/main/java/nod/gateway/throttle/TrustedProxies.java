package nod.gateway.throttle;

import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** The proxies whose word counts for the address that a request comes from. */
public final class TrustedProxies {

    private final List<AddressBlock> blocks;

    private TrustedProxies(List<AddressBlock> blocks) {
        this.blocks = blocks;
    }

    /** The proxies in these blocks of addresses, in CIDR notation. */
    public static TrustedProxies of(Collection<String> blocks) {
        return new TrustedProxies(
                blocks.stream().map(block -> AddressBlock.parse(block).orElseThrow()).toList());
    }

    /**
     * The address of the client: the nearest one that is no trusted proxy, as far as trusted ones
     * tell.
     *
     * @param peer whoever is connected
     * @param forwardedFor the values of all X-Forwarded-For headers, in their order
     */
    InetAddress clientOf(InetAddress peer, List<String> forwardedFor) {
        var client = Addresses.canonical(peer);
        for (var element : elements(forwardedFor).reversed()) {
            // The last element is the peer's own, the one before it was that one's, and so on.
            var before = isTrusted(client) ? Addresses.forwarded(element).orElse(null) : null;
            if (before == null) {
                return client;
            }
            client = before;
        }
        return client;
    }

    /** Whether a proxy that is trusted has this address. */
    public boolean isTrusted(InetAddress address) {
        var canonical = Addresses.canonical(address);
        return blocks.stream().anyMatch(block -> block.contains(canonical));
    }

    private static List<String> elements(List<String> headers) {
        return headers.stream().flatMap(header -> Stream.of(header.split(",", -1))).toList();
    }
}
