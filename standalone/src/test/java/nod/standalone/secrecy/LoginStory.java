package nod.standalone.secrecy;

import static org.awaitility.Awaitility.await;

import nod.schemas.event.Topic;
import nod.simulators.fault.ApnsReason;
import nod.simulators.fault.Fault;
import nod.simulators.fault.Fault.ApnsRejection;
import nod.simulators.fault.Fault.FcmError;
import nod.simulators.fault.Fault.ServerError;
import nod.simulators.fault.FcmErrorCode;
import nod.simulators.fault.Provider;
import nod.simulators.phone.EncryptionKey;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Logins of every mode, answered rightly and wrongly, through providers that do as they like. */
final class LoginStory {

    /** What a record holds that can't be read: it is kept as it is, and repeated nowhere else. */
    static final String UNDECODABLE = "what an undecodable record holds";

    private static final int LOGINS = 4;

    private final Run run;
    private String doomed = "none yet";

    LoginStory(Run run) {
        this.run = run;
    }

    void play() throws SQLException {
        for (var provider : Provider.values()) {
            approves(provider);
            mistypes(provider);
        }
        pushesSealed();
        failsAtTheProviders();
        losesFcmsFaith();
        leavesDeadLetters();
        run.canaries.keep("FCM access token", credential(Provider.FCM));
        run.canaries.keepJwt("APNs provider token", credential(Provider.APNS));
    }

    private void approves(Provider provider) {
        var user = Run.newUser();
        var phone = run.enrol("that approves through " + provider, user, provider);
        for (int i = 0; i < LOGINS; i++) {
            for (var mode : List.of("number_entry_6", "number_matching_3")) {
                var login = run.start(user, mode);
                phone.awaitAttempts(run.cluster.simulators.inbox(provider), login.txId(), 1);
                run.answer(phone, login, login.right());
                run.isDecided(login, "accept");
            }
        }
    }

    /** Each time another user: whoever mistypes often is paused. */
    private void mistypes(Provider provider) {
        for (int i = 0; i < LOGINS; i++) {
            var user = Run.newUser();
            var phone = run.enrol("that mistypes through " + provider + i, user, provider);
            var login = run.start(user, "number_entry_6");
            run.answer(phone, login, wrong(login.right()));
            run.isDecided(login, "deny");
        }
        var user = Run.newUser();
        var phone = run.enrol("that types much through " + provider, user, provider);
        var login = run.start(user, "number_entry_6");
        phone.answer(login.txId(), run.canaries.token("what was typed")).expect(204);
        run.isDecided(login, "deny");
    }

    private static String wrong(String right) {
        int first = (right.charAt(0) - '0' + 5) % 10;
        return first + new StringBuilder(right.substring(1)).reverse().toString();
    }

    private void pushesSealed() {
        var user = Run.newUser();
        var others = Map.<String, Object>of("encryption_key", EncryptionKey.generate().jwk());
        var body = Phone.callback(Provider.FCM, Phone.newUid(), others);
        var phone = run.enrol("with sealed pushes", user, Provider.FCM, body);
        phone.setKey(phone.pushKey()).expect(204);
        var login = run.start(user, "number_entry_6");
        phone.awaitAttempts(run.cluster.simulators.inbox(Provider.FCM), login.txId(), 1);
        run.answer(phone, login, login.right());
        run.isDecided(login, "accept");
    }

    private void failsAtTheProviders() {
        fails(Provider.FCM, "dead", new FcmError(FcmErrorCode.UNREGISTERED), 1);
        fails(Provider.FCM, "rejected", new FcmError(FcmErrorCode.SENDER_ID_MISMATCH), 1);
        fails(Provider.FCM, "malformed", new FcmError(FcmErrorCode.INVALID_ARGUMENT), 1);
        fails(Provider.FCM, "unavailable", new ServerError(503), 2);
        fails(Provider.FCM, "cut off", new Fault.ConnectionClosed(), 2);
        fails(Provider.APNS, "dead", new ApnsRejection(ApnsReason.UNREGISTERED), 1);
        fails(Provider.APNS, "rejected", new ApnsRejection(ApnsReason.BAD_DEVICE_TOKEN), 1);
        fails(Provider.APNS, "unavailable", new ServerError(503), 2);
        fails(Provider.APNS, "cut off", new Fault.ConnectionClosed(), 2);
    }

    private void fails(Provider provider, String how, Fault fault, int times) {
        var user = Run.newUser();
        var phone = run.enrol(how + " at " + provider, user, provider);
        run.cluster.simulators.faults().set(provider, phone.pushKey(), fault, times);
        var login = run.start(user, "number_entry_6");
        phone.awaitAttempts(run.cluster.simulators.inbox(provider), login.txId(), times);
        run.answer(phone, login, login.right());
        run.isDecided(login, "accept");
    }

    /** FCM knows the access token no more, and first gives no other one. */
    private void losesFcmsFaith() {
        var user = Run.newUser();
        var phone = run.enrol("while FCM refuses", user, Provider.FCM);
        run.canaries.keep("FCM access token, revoked", credential(Provider.FCM));
        run.cluster.simulators.faults().set(Provider.FCM, new Fault.CredentialsRefused(), 1);
        run.cluster.simulators.revokeFcmAccessTokens();
        var login = run.start(user, "accept_deny", Map.of("expires_in", 120));
        var inbox = run.cluster.simulators.inbox(Provider.FCM);
        await("push of " + login.txId())
                .atMost(Duration.ofSeconds(60))
                .until(
                        () ->
                                inbox.received(phone.pushKey()).stream()
                                        .anyMatch(
                                                push ->
                                                        push.accepted()
                                                                && push.text()
                                                                        .contains(login.txId())));
        run.answer(phone, login, login.right());
        run.isDecided(login, "accept");
    }

    /** What the latest message came with. */
    private String credential(Provider provider) {
        var all = run.cluster.simulators.inbox(provider).credentials();
        return all.getLast().replaceFirst("(?i)^bearer ", "");
    }

    /** Records that can't be read, and one that can't be worked on, in the middle of others. */
    private void leavesDeadLetters() throws SQLException {
        var secret = run.canaries.token(UNDECODABLE);
        try (var producer =
                new KafkaProducer<>(
                        Map.<String, Object>of("bootstrap.servers", run.cluster.bootstrapServers()),
                        new StringSerializer(),
                        new StringSerializer())) {
            for (var topic :
                    List.of(
                            Topic.DEVICE_CHANGED,
                            Topic.TRANSACTION_STARTED,
                            Topic.DELIVERY_REPORTED,
                            Topic.RESPONSE_RECEIVED)) {
                producer.send(
                        new ProducerRecord<>(
                                topic.topicName(), "nobody", "{\"tx_id\":\"" + secret + "\""));
            }
        }
        run.execute(
                """
                ALTER TABLE transaction ADD CONSTRAINT undecidable
                    CHECK (title <> 'doomed' OR status = 'wait') NOT VALID
                """);
        var user = Run.newUser();
        var phone = run.enrol("of a login that can't be decided", user, Provider.FCM);
        var login = run.start(user, "number_entry_6", Map.of("title", "doomed"));
        run.answer(phone, login, login.right());
        doomed = login.txId();
        approves(Provider.FCM);
    }

    /** The login that no response-collector can decide. */
    String doomed() {
        return doomed;
    }
}
