package nod.gateway.throttle;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * What counts as one client: an IPv4 address, or the /64 of an IPv6 address, of which a household
 * has at least one and can use every address.
 *
 * @param isV4 of which kind it is
 * @param bits those of the address or, of IPv6, the first 64
 */
public record ClientNetwork(boolean isV4, long bits) {

    /** Where an address belongs. */
    public static ClientNetwork of(InetAddress anyForm) {
        var address = Addresses.canonical(anyForm);
        var bytes = ByteBuffer.wrap(address.getAddress());
        return address instanceof Inet4Address
                ? new ClientNetwork(true, bytes.getInt())
                : new ClientNetwork(false, bytes.getLong());
    }
}
