package nod.standalone.demo;

import nod.schemas.event.Topic;
import nod.simulators.phone.PhoneModel;
import nod.simulators.phone.Prompt;
import nod.simulators.phone.VirtualPhone;
import nod.standalone.Standalone;

import java.io.PrintStream;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.UUID;

/** Enrols a virtual phone, has one login approved and one denied, and tells each step. */
public final class Demo implements AutoCloseable {
    private static final Duration PUSH = Duration.ofSeconds(10);

    private final Standalone nod;
    private final PrintStream out;
    private final HttpClient client;
    private final Deployment authentik;
    private final EventTail events;
    // One of its own each time: an earlier demo's phone would be asked too, and nobody has it.
    private final String user = "demo-" + UUID.randomUUID().toString().substring(0, 8);

    private Demo(Standalone nod, PrintStream out, HttpClient client) {
        this.nod = nod;
        this.out = out;
        this.client = client;
        this.authentik = new Deployment(client, nod.gatewayUri(), nod.apiKey());
        this.events = new EventTail(nod.kafka().bootstrapServers());
    }

    /**
     * Runs the demonstration on a running system and leaves the system as it is.
     *
     * @throws RuntimeException when a step has another end than it should
     */
    public static void run(Standalone nod, PrintStream out) throws InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            run(nod, out, client);
        }
    }

    /**
     * The same with a client of the caller's, which stays open: authentik and the phone call the
     * gateway through it, and the phone the simulators.
     */
    public static void run(Standalone nod, PrintStream out, HttpClient client)
            throws InterruptedException {
        try (var demo = new Demo(nod, out, client)) {
            demo.run();
        }
    }

    @Override
    public void close() {
        events.close();
    }

    private void run() throws InterruptedException {
        out.println();
        out.println("Demo: a phone, a login that is approved and one that is denied.");
        var phone = enrol();
        login(phone, "Wiki", "approves", VirtualPhone::accept);
        login(phone, "Payroll", "denies", VirtualPhone::deny);
    }

    private VirtualPhone enrol() throws InterruptedException {
        step("authentik begins the enrolment of a phone for " + user);
        var enrollment = authentik.beginEnrollment(user, "A phone");
        var device = enrollment.path("device").path("pk").asString();
        show(Topic.DEVICE_CHANGED, device);

        step("the phone scans the QR code and confirms");
        var phone =
                VirtualPhone.enrol(
                        enrollment.path("payload").toString(),
                        PhoneModel.android("A phone"),
                        nod.simulators().controlUri(),
                        client);
        show(Topic.DEVICE_CHANGED, device);

        step("the phone registers the key by which FCM reaches it");
        phone.setNotificationKey();
        show(Topic.DEVICE_CHANGED, device);
        return phone;
    }

    private void login(VirtualPhone phone, String application, String verb, Answer answer)
            throws InterruptedException {
        step("authentik asks %s to approve a login to %s".formatted(user, application));
        var transaction = authentik.startLogin(user, application);
        show(Topic.DELIVERY_REPORTED, transaction.toString());

        var prompt = phone.awaitPush(PUSH);
        step("the phone shows \"%s\" and its owner %s".formatted(prompt.body(), verb));
        answer.give(phone, prompt);
        show(Topic.OUTCOME_DECIDED, transaction.toString());

        step("authentik reads the outcome: " + authentik.awaitStatus(transaction));
    }

    private void step(String what) {
        out.println();
        out.println("  " + what);
    }

    private void show(Topic topic, String key) {
        events.until(topic, key, event -> out.println("      " + EventLine.of(event)));
    }

    /** What the owner of the phone does. */
    @FunctionalInterface
    private interface Answer {
        void give(VirtualPhone phone, Prompt prompt);
    }
}
