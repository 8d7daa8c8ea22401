package nod.simulators;

import nod.simulators.inbox.InboxLimits;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;

/**
 * The simulators as a program of their own, set up by environment variables alone:
 *
 * <ul>
 *   <li>{@code NOD_SIMULATORS_FOLDER}: certificates and credentials (default {@code simulators})
 *   <li>{@code NOD_SIMULATORS_BIND_HOST}: default {@code 127.0.0.1}
 *   <li>{@code NOD_SIMULATORS_ADVERTISED_HOST}: the name in the certificate and in {@code
 *       token_uri} (default {@code localhost})
 *   <li>{@code NOD_SIMULATORS_FCM_PORT}, {@code _APNS_PORT}, {@code _CONTROL_PORT}: defaults 8443,
 *       8444, 8445; 0 is any free one
 *   <li>{@code NOD_SIMULATORS_FCM_PROJECT}, {@code _APNS_TOPIC}, {@code _APNS_KEY_ID}, {@code
 *       _APNS_TEAM_ID}: defaults as in {@link SimulatorsConfig#in(Path)}
 *   <li>{@code NOD_SIMULATORS_INBOX_PER_KEY}, {@code _INBOX_KEYS}, {@code _INBOX_TOTAL}: defaults
 *       as in {@link InboxLimits#DEFAULT}
 * </ul>
 *
 * A wrong value, a port that is taken or a folder that can't be written ends it with status 2 and
 * one line that says which, what it was and what is expected.
 */
public final class SimulatorsMain {

    private static final String PREFIX = "NOD_SIMULATORS_";
    private static final Set<String> NAMES =
            Set.of(
                    "FOLDER",
                    "BIND_HOST",
                    "ADVERTISED_HOST",
                    "FCM_PORT",
                    "APNS_PORT",
                    "CONTROL_PORT",
                    "FCM_PROJECT",
                    "APNS_TOPIC",
                    "APNS_KEY_ID",
                    "APNS_TEAM_ID",
                    "INBOX_PER_KEY",
                    "INBOX_KEYS",
                    "INBOX_TOTAL");
    private static final int STATUS_OF_A_WRONG_VALUE = 2;

    private SimulatorsMain() {}

    /** Runs until the process is ended. */
    public static void main(String[] arguments) throws InterruptedException {
        useOwnLoggingUnlessToldOtherwise();
        Logger log = LoggerFactory.getLogger(SimulatorsMain.class);
        try {
            run(log, Simulators.start(config(System.getenv(), Clock.systemUTC())));
        } catch (IllegalArgumentException | IllegalStateException | UncheckedIOException e) {
            log.error("{}", e.getMessage());
            System.exit(STATUS_OF_A_WRONG_VALUE);
        }
    }

    private static void run(Logger log, Simulators simulators) throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    simulators.close();
                                    ended.countDown();
                                },
                                "nod-simulators-shutdown"));
        log.info("FCM: {} with {}", simulators.fcmBaseUri(), simulators.fcmServiceAccountFile());
        log.info(
                "APNs: {}:{} with {}",
                simulators.apnsHost(),
                simulators.apnsPort(),
                simulators.apnsSigningKeyFile());
        log.info("certificate authority: {}", simulators.certificateAuthorityFile());
        log.info("control: {}", simulators.controlUri());
        ended.await();
    }

    private static void useOwnLoggingUnlessToldOtherwise() {
        String key = "logback.configurationFile";
        System.setProperty(key, System.getProperty(key, "nod/simulators/logback.xml"));
    }

    static SimulatorsConfig config(Map<String, String> environment, Clock clock) {
        Values values = Values.of(environment);
        SimulatorsConfig defaults =
                SimulatorsConfig.in(values.folder("simulators")).withClock(clock);
        InboxLimits limits = defaults.inboxLimits();
        return defaults.withHosts(
                        values.text("BIND_HOST", defaults.bindHost()),
                        values.text("ADVERTISED_HOST", defaults.advertisedHost()))
                .withPorts(
                        values.number("FCM_PORT", 8443),
                        values.number("APNS_PORT", 8444),
                        values.number("CONTROL_PORT", 8445))
                .withFcmProject(values.text("FCM_PROJECT", defaults.fcmProject()))
                .withApns(
                        values.text("APNS_TOPIC", defaults.apnsTopic()),
                        values.text("APNS_KEY_ID", defaults.apnsKeyId()),
                        values.text("APNS_TEAM_ID", defaults.apnsTeamId()))
                .withInboxLimits(
                        new InboxLimits(
                                values.number("INBOX_PER_KEY", limits.perKey()),
                                values.number("INBOX_KEYS", limits.keys()),
                                values.number("INBOX_TOTAL", limits.total())));
    }

    private record Values(Map<String, String> environment) {

        static Values of(Map<String, String> environment) {
            Set<String> unknown = new TreeSet<>(environment.keySet());
            unknown.removeIf(
                    name ->
                            !name.startsWith(PREFIX)
                                    || NAMES.contains(name.substring(PREFIX.length())));
            if (!unknown.isEmpty()) {
                throw new IllegalArgumentException(
                        "unknown %s, expected %s followed by one of %s"
                                .formatted(unknown, PREFIX, new TreeSet<>(NAMES)));
            }
            return new Values(environment);
        }

        String text(String name, String otherwise) {
            String value = environment.get(PREFIX + name);
            return value == null || value.isBlank() ? otherwise : value.strip();
        }

        int number(String name, int otherwise) {
            String value = text(name, Integer.toString(otherwise));
            if (!value.matches("\\d{1,9}")) {
                throw new IllegalArgumentException(
                        "%s%s: '%s', expected a whole number".formatted(PREFIX, name, value));
            }
            return Integer.parseInt(value);
        }

        Path folder(String otherwise) {
            String value = text("FOLDER", otherwise);
            try {
                return Path.of(value);
            } catch (InvalidPathException e) {
                throw new IllegalArgumentException(
                        "%sFOLDER: '%s', expected a path".formatted(PREFIX, value), e);
            }
        }
    }
}
