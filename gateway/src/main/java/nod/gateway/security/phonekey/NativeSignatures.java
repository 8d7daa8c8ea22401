package nod.gateway.security.phonekey;

import org.conscrypt.Conscrypt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.security.Provider;

/**
 * BoringSSL, which checks a signature on P-256 in a ninth of the time that the JDK takes. It is
 * used for that alone, and is not among the JVM's own providers.
 */
final class NativeSignatures {

    private static final Logger log = LoggerFactory.getLogger(NativeSignatures.class);
    private static final @Nullable Provider PROVIDER = load();

    private NativeSignatures() {}

    /** The provider; null where its library can't be loaded. The JDK's does the same, slowly. */
    static @Nullable Provider provider() {
        return PROVIDER;
    }

    private static @Nullable Provider load() {
        if (Conscrypt.isAvailable()) {
            return Conscrypt.newProvider();
        }
        log.warn(
                "Conscrypt can't load its library here: the JDK checks the signatures of phones,"
                        + " which costs several times the processor time");
        return null;
    }
}
