package nod.collector.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Looks up the addresses of a host. May block. */
@FunctionalInterface
interface NameLookup {

    /** At least one address. */
    List<InetAddress> addresses(String host) throws UnknownHostException;
}
