package nod.simulators;

import nod.simulators.inbox.InboxLimits;

import java.nio.file.Path;
import java.time.Clock;
import java.util.regex.Pattern;

/**
 * How the simulators run. {@link #in(Path)} gives what suits a test; the {@code with} methods
 * change it.
 *
 * @param folder where certificates and credentials are kept, and found again
 * @param bindHost the address all three servers listen on
 * @param advertisedHost the name that clients are told and that the certificate carries, beside
 *     {@code localhost} and {@code 127.0.0.1}
 * @param fcmPort 0 for any free one, as for the other ports
 * @param apnsPort see fcmPort
 * @param controlPort see fcmPort
 * @param fcmProject the one FCM project that exists
 * @param apnsTopic the one APNs topic that exists
 * @param apnsKeyId ten letters or digits, as Apple gives them
 * @param apnsTeamId ten letters or digits, as Apple gives them
 * @param inboxLimits what each provider's inbox keeps
 * @param clock for token lifetimes and the times in the inbox
 */
public record SimulatorsConfig(
        Path folder,
        String bindHost,
        String advertisedHost,
        int fcmPort,
        int apnsPort,
        int controlPort,
        String fcmProject,
        String apnsTopic,
        String apnsKeyId,
        String apnsTeamId,
        InboxLimits inboxLimits,
        Clock clock) {

    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,252})");
    private static final Pattern PROJECT = Pattern.compile("[a-z][a-z0-9-]{4,28}[a-z0-9]");
    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9.-]{1,255}");
    private static final Pattern APPLE_ID = Pattern.compile("[A-Z0-9]{10}");

    /**
     * Checks every value.
     *
     * @throws IllegalArgumentException which names the setting, the value and what is expected
     */
    public SimulatorsConfig {
        checkText("bindHost", bindHost, HOST, "a host name or IPv4 address");
        checkText("advertisedHost", advertisedHost, HOST, "a host name or IPv4 address");
        checkPort("fcmPort", fcmPort);
        checkPort("apnsPort", apnsPort);
        checkPort("controlPort", controlPort);
        checkText("fcmProject", fcmProject, PROJECT, "6 to 30 small letters, digits and hyphens");
        checkText("apnsTopic", apnsTopic, TOPIC, "a bundle id: letters, digits, dots and hyphens");
        checkText("apnsKeyId", apnsKeyId, APPLE_ID, "ten capital letters or digits");
        checkText("apnsTeamId", apnsTeamId, APPLE_ID, "ten capital letters or digits");
    }

    /** On loopback and free ports, keeping its files in that folder. */
    public static SimulatorsConfig in(Path folder) {
        return new SimulatorsConfig(
                folder,
                "127.0.0.1",
                "localhost",
                0,
                0,
                0,
                "nod-simulated",
                "org.example.nod",
                "NODSIMKEY1",
                "NODSIMTEAM",
                InboxLimits.DEFAULT,
                Clock.systemUTC());
    }

    /** With these addresses. */
    public SimulatorsConfig withHosts(String bind, String advertised) {
        return new SimulatorsConfig(
                folder,
                bind,
                advertised,
                fcmPort,
                apnsPort,
                controlPort,
                fcmProject,
                apnsTopic,
                apnsKeyId,
                apnsTeamId,
                inboxLimits,
                clock);
    }

    /** With these ports; 0 is any free one. */
    public SimulatorsConfig withPorts(int fcm, int apns, int control) {
        return new SimulatorsConfig(
                folder,
                bindHost,
                advertisedHost,
                fcm,
                apns,
                control,
                fcmProject,
                apnsTopic,
                apnsKeyId,
                apnsTeamId,
                inboxLimits,
                clock);
    }

    /** With this FCM project. */
    public SimulatorsConfig withFcmProject(String project) {
        return new SimulatorsConfig(
                folder,
                bindHost,
                advertisedHost,
                fcmPort,
                apnsPort,
                controlPort,
                project,
                apnsTopic,
                apnsKeyId,
                apnsTeamId,
                inboxLimits,
                clock);
    }

    /** With this APNs topic, and the key id and team id of its signing key. */
    public SimulatorsConfig withApns(String topic, String keyId, String teamId) {
        return new SimulatorsConfig(
                folder,
                bindHost,
                advertisedHost,
                fcmPort,
                apnsPort,
                controlPort,
                fcmProject,
                topic,
                keyId,
                teamId,
                inboxLimits,
                clock);
    }

    /** With these limits for each provider's inbox. */
    public SimulatorsConfig withInboxLimits(InboxLimits limits) {
        return new SimulatorsConfig(
                folder,
                bindHost,
                advertisedHost,
                fcmPort,
                apnsPort,
                controlPort,
                fcmProject,
                apnsTopic,
                apnsKeyId,
                apnsTeamId,
                limits,
                clock);
    }

    /** With this clock. */
    public SimulatorsConfig withClock(Clock other) {
        return new SimulatorsConfig(
                folder,
                bindHost,
                advertisedHost,
                fcmPort,
                apnsPort,
                controlPort,
                fcmProject,
                apnsTopic,
                apnsKeyId,
                apnsTeamId,
                inboxLimits,
                other);
    }

    private static void checkPort(String name, int port) {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException(
                    "%s: %d, expected 0 (any free port) to 65535".formatted(name, port));
        }
    }

    private static void checkText(String name, String value, Pattern pattern, String expected) {
        if (!pattern.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "%s: '%s', expected %s".formatted(name, value, expected));
        }
    }
}
