package nod.standalone.faults;

import nod.simulators.fault.Fault.FcmError;
import nod.simulators.fault.FcmErrorCode;
import nod.simulators.fault.Provider;
import nod.standalone.faults.Authentik.Login;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * What has to happen so that a certain mistake does harm for sure. The system as it is comes
 * through each of them. For one thread.
 */
final class Scenarios {

    private static final Duration PUSH = Duration.ofSeconds(20);
    private static final Duration DECISION = Duration.ofSeconds(15);

    private final Cluster cluster;
    private final Crowd crowd;
    private final Person person;
    private final Phone phone;

    /**
     * @param crowd somebody with a phone that FCM reaches comes first
     */
    Scenarios(Cluster cluster, Crowd crowd) {
        this.cluster = cluster;
        this.crowd = crowd;
        this.person = crowd.takeOne();
        this.phone = person.first();
    }

    /** A login that a phone approves, as it should be. */
    void approve() {
        var login = start(30);
        phone.awaitPush(login.txId(), PUSH);
        phone.answer(login.txId(), login.right());
        crowd.authentik.awaitDecision(login, DECISION);
    }

    /** PostgreSQL refuses the commit of a start, at the very end. */
    void refuseACommit() throws SQLException {
        execute(
                """
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
                    $$ BEGIN RAISE EXCEPTION 'no commit'; END $$;
                CREATE CONSTRAINT TRIGGER refusal AFTER INSERT ON transaction
                    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
                    WHEN (NEW.title = 'doomed') EXECUTE FUNCTION refuse();
                """);
        crowd.authentik.start(person.user(), "doomed");
        execute("DROP TRIGGER refusal ON transaction; DROP FUNCTION refuse();");
        pause(Duration.ofSeconds(1));
    }

    /** A gateway dies while Kafka stands still and an answer was taken. */
    void loseAGatewayWhileKafkaStandsStill() {
        var login = start(30);
        phone.awaitPush(login.txId(), PUSH);
        cluster.broker.pause();
        phone.answer(login.txId(), login.right());
        pause(Duration.ofSeconds(1));
        restart(cluster.gateways.getFirst(), cluster.broker::resume);
        crowd.authentik.awaitDecision(login, DECISION);
    }

    /** Every record of a decided login comes again. */
    void repeatARecord() {
        approve();
        repeat();
    }

    /** The response-collector hears nothing of an answer until its login has expired. */
    void hideAnAnswer() {
        var login = start(10);
        phone.awaitPush(login.txId(), PUSH);
        cluster.collectorToKafka.set(Link.State.CUT);
        phone.answer(login.txId(), login.right());
        pauseUntil(login.expires().plusSeconds(1));
        cluster.collectorToKafka.set(Link.State.OPEN);
        crowd.authentik.awaitDecision(login, PUSH);
    }

    /** A dispatcher dies between taking a record and asking the provider. */
    void loseADispatcherBeforeThePush() {
        cluster.dispatcherToDatabase.set(Link.State.SILENT);
        var login = start(20);
        // Longer than its offsets wait to be committed.
        pause(Duration.ofSeconds(2));
        restart(
                cluster.dispatchers.getFirst(),
                () -> cluster.dispatcherToDatabase.set(Link.State.OPEN));
        phone.awaitPush(login.txId(), PUSH);
        pauseUntil(login.expires().plusSeconds(1));
    }

    /** A report of a dead key comes once more when the phone has got another one. */
    void repeatADeadKey() {
        var faults = cluster.simulators.faults();
        faults.set(Provider.FCM, phone.pushKey(), new FcmError(FcmErrorCode.UNREGISTERED));
        var login = start(10);
        pause(Duration.ofSeconds(3));
        phone.changeKey("fresh:APA91b" + login.txId().toString().repeat(3));
        repeat();
        crowd.authentik.awaitDecision(login, DECISION);
        faults.clearAll();
    }

    /** A phone answers after the end, and no sweep was there to close the login. */
    void answerTooLate() {
        cluster.collectors.getFirst().pause();
        var login = start(10);
        phone.awaitPush(login.txId(), PUSH);
        pauseUntil(login.expires().plusMillis(500));
        phone.answer(login.txId(), login.right());
        cluster.collectors.getFirst().resume();
        crowd.authentik.awaitDecision(login, DECISION);
    }

    /** A login is answered while no dispatcher is there to push. */
    void answerBeforeThePush() {
        cluster.dispatchers.getFirst().terminate();
        var login = start(30);
        phone.answer(login.txId(), login.right());
        crowd.authentik.awaitDecision(login, DECISION);
        pause(Duration.ofSeconds(3));
        cluster.dispatchers.getFirst().start();
        cluster.dispatchers.getFirst().awaitReady();
        pause(Duration.ofSeconds(1));
    }

    private Login start(int expiresIn) {
        return crowd.authentik.start(person.user(), "number_matching_3", expiresIn).orElseThrow();
    }

    private void restart(JvmNode node, Runnable meanwhile) {
        node.kill();
        meanwhile.run();
        node.start();
        node.awaitReady();
    }

    private void repeat() {
        new Repeats(cluster.bootstrapServers(), new Random(1)).write();
        pause(Duration.ofSeconds(2));
    }

    private void execute(String sql) throws SQLException {
        try (var connection = cluster.database();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void pauseUntil(Instant moment) {
        pause(Duration.between(crowd.history.now(), moment));
    }

    private static void pause(Duration duration) {
        LockSupport.parkNanos(Math.max(0, duration.toNanos()));
    }
}
