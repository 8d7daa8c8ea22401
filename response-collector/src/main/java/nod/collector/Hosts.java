package nod.collector;

import java.net.InetAddress;

/** Where a host of a setting is. */
final class Hosts {

    private Hosts() {}

    /** Whether it is the machine itself, by what is written alone. */
    static boolean isLoopback(String host) {
        return host.equals("localhost")
                || (host.matches("[0-9.]+|\\[.*]")
                        && InetAddress.ofLiteral(host).isLoopbackAddress());
    }
}
