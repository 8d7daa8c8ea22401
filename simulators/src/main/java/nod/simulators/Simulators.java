package nod.simulators;

import nod.simulators.apns.ApnsSimulator;
import nod.simulators.control.ControlServer;
import nod.simulators.fault.Faults;
import nod.simulators.fault.Provider;
import nod.simulators.fcm.FcmSimulator;
import nod.simulators.inbox.Inbox;
import nod.simulators.tls.ServerCertificate;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * FCM and APNs, running in this process, with the HTTP server that inspects and controls them. Safe
 * for any number of threads.
 */
public final class Simulators implements AutoCloseable {

    private final SimulatorsConfig config;
    private final ServerCertificate certificate;
    private final Faults faults = new Faults();
    private final Map<Provider, Inbox> inboxes = new EnumMap<>(Provider.class);
    private final FcmSimulator fcm;
    private final ApnsSimulator apns;
    private final ControlServer control;
    private final Deque<AutoCloseable> running = new ArrayDeque<>();

    private Simulators(SimulatorsConfig config) {
        this.config = config;
        for (Provider provider : Provider.values()) {
            inboxes.put(provider, new Inbox(config.inboxLimits(), config.clock()));
        }
        certificate =
                ServerCertificate.findOrCreate(
                        config.folder(), List.of(config.advertisedHost()), config.clock());
        try {
            fcm = running(FcmSimulator.start(fcmSetup()));
            apns = running(ApnsSimulator.start(apnsSetup()));
            control =
                    running(
                            ControlServer.start(
                                    config.bindHost(), config.controlPort(), this::inbox, faults));
        } catch (RuntimeException e) { // whatever it is, what already runs must not stay behind
            close();
            throw e;
        }
    }

    /**
     * Starts all three servers.
     *
     * @throws IllegalStateException when a port can't be had
     * @throws java.io.UncheckedIOException when the folder can't be written
     */
    public static Simulators start(SimulatorsConfig config) {
        return new Simulators(config);
    }

    /** As it was started. */
    public SimulatorsConfig config() {
        return config;
    }

    /** What stands in for {@code https://fcm.googleapis.com}; no slash at its end. */
    public URI fcmBaseUri() {
        return fcm.baseUri();
    }

    /** The JSON file that firebase-admin reads its credentials from. */
    public Path fcmServiceAccountFile() {
        return fcm.serviceAccountFile();
    }

    /** Makes every FCM access token issued so far unknown, as if it had expired. */
    public void revokeFcmAccessTokens() {
        fcm.revokeAccessTokens();
    }

    /** What stands in for {@code api.push.apple.com}. */
    public String apnsHost() {
        return config.advertisedHost();
    }

    /** See {@link #apnsHost()}. */
    public int apnsPort() {
        return apns.port();
    }

    /** The .p8 file that pushy reads its signing key from. */
    public Path apnsSigningKeyFile() {
        return apns.signingKeyFile();
    }

    /** The certificate, as PEM, that clients of both providers have to trust. */
    public Path certificateAuthorityFile() {
        return certificate.authority();
    }

    /** Where {@link ControlServer} answers; no slash at its end. */
    public URI controlUri() {
        return URI.create("http://%s:%d".formatted(controlHost(), control.port()));
    }

    /** What the providers do wrong. */
    public Faults faults() {
        return faults;
    }

    /** What that provider received. */
    public Inbox inbox(Provider provider) {
        Inbox inbox = inboxes.get(provider);
        if (inbox == null) {
            throw new IllegalStateException("every provider has an inbox");
        }
        return inbox;
    }

    /** Stops the servers and frees the ports; the files stay for the next start. */
    @Override
    public void close() {
        while (!running.isEmpty()) {
            try {
                running.pop().close();
            } catch (Exception e) { // none of them declares one
                throw new IllegalStateException("cannot stop a simulator", e);
            }
        }
    }

    private String controlHost() {
        boolean everywhere = config.bindHost().equals("0.0.0.0");
        return everywhere ? config.advertisedHost() : config.bindHost();
    }

    private <T extends AutoCloseable> T running(T started) {
        running.push(started);
        return started;
    }

    private FcmSimulator.Setup fcmSetup() {
        return new FcmSimulator.Setup(
                config.folder(),
                config.fcmProject(),
                config.bindHost(),
                config.fcmPort(),
                config.advertisedHost(),
                certificate,
                inbox(Provider.FCM),
                faults,
                config.clock());
    }

    private ApnsSimulator.Setup apnsSetup() {
        return new ApnsSimulator.Setup(
                config.folder(),
                config.apnsTopic(),
                config.apnsKeyId(),
                config.apnsTeamId(),
                config.bindHost(),
                config.apnsPort(),
                certificate,
                inbox(Provider.APNS),
                faults,
                config.clock());
    }
}
