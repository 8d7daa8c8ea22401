package nod.collector.authentik;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;

/**
 * Where a login came from, as its caller said.
 *
 * @param clientIp the browser's address
 * @param application what it is a login to
 * @param domain of the sign-in page
 */
record Login(@Nullable String clientIp, @Nullable String application, @Nullable String domain) {

    /** One of which nothing is known, or nothing any more. */
    static final Login UNKNOWN = new Login(null, null, null);

    /**
     * The address in the form that authentik takes; null where it is none, for authentik would
     * refuse the whole event.
     */
    @Nullable String address() {
        if (clientIp == null) {
            return null;
        }
        try {
            var text = InetAddress.ofLiteral(clientIp).getHostAddress();
            return text.contains("%") ? null : text;
        } catch (IllegalArgumentException noAddress) {
            return null;
        }
    }
}
