package nod.gateway.enrollment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.jwk.Curve;

import nod.gateway.Rows;
import nod.gateway.RunningGateway;
import nod.gateway.RunningGateway.Begun;
import nod.gateway.security.jwt.Issuer;
import nod.messaging.testing.TestServers;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** Each try to enrol with an enrollment token is a line of the log, which does not hold it. */
@ExtendWith(OutputCaptureExtension.class)
class EnrollmentTokenUsesIT {

    private static final TestServers servers = new TestServers();
    private static final Rows rows = new Rows(servers);
    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start(servers);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void tellsOfAPhoneThatEnrolled(CapturedOutput output) {
        var begun = gateway.begin("enrols");

        assertThat(use(begun)).isEqualTo(200);

        tells(output, begun, "Device " + begun.device() + " used its enrollment token");
    }

    @Test
    void tellsOfASpentOne(CapturedOutput output) {
        var begun = gateway.begin("spent");
        use(begun);

        assertThat(use(begun)).isEqualTo(403);

        tells(output, begun, refused(begun, "it was spent before"));
    }

    @Test
    void tellsOfAnExpiredOne(CapturedOutput output) throws SQLException {
        var begun = gateway.begin("expired");
        rows.execute(
                "UPDATE device_token SET expires = now() WHERE device = ?",
                UUID.fromString(begun.device()));

        assertThat(use(begun)).isEqualTo(403);

        tells(output, begun, refused(begun, "it has expired"));
    }

    @Test
    void tellsOfOneThatIsOfAnotherDevice(CapturedOutput output) {
        var begun = gateway.begin("one's own");
        var other = gateway.begin("another's");

        var status = call(begun, other.device(), Map.of());

        assertThat(status).isEqualTo(403);
        tells(output, begun, refused(begun, "the path names another device"));
    }

    @Test
    void tellsOfAnEnrolmentThatIsRefused(CapturedOutput output) {
        var uid = UUID.randomUUID().toString();
        gateway.enrol("whose phone it is", uid);
        var begun = gateway.begin("whose it is not");

        assertThat(use(begun, uid)).isEqualTo(400);

        tells(output, begun, refused(begun, "it was answered with 400"));
    }

    @Test
    void tellsOfOneWithoutTheProofThatItsPhoneHasTheKey(CapturedOutput output) {
        var begun = gateway.begin("gives somebody else's key");
        var key = Issuer.ec(Curve.P_256, "phone").toPublicJWK().toJSONObject();
        key.remove("kid");
        key.remove("use");
        var info = new HashMap<>(RunningGateway.info("phone"));
        info.put("others", Map.of("public_key", key));

        var status = call(begun, begun.device(), Map.of("device_uid", "phone", "info", info));

        assertThat(status).isEqualTo(403);
        tells(output, begun, refused(begun, "its proof was not good"));
    }

    /** Both are good when they are looked up, and wait for the row of their user. */
    @Test
    void tellsOfOneThatIsSpentMeanwhile(CapturedOutput output) throws SQLException {
        var begun = gateway.begin("twice");
        List<Integer> statuses;
        try (var holder = rows.holdUser("twice")) {
            var uses = Stream.of(later(begun), later(begun)).toList();
            await().atMost(Duration.ofSeconds(20)).until(() -> rows.waitingForLocks() == 2);
            holder.rollback();
            statuses = uses.stream().map(CompletableFuture::join).sorted().toList();
        }

        assertThat(statuses).containsExactly(200, 403);
        tells(output, begun, refused(begun, "it was spent meanwhile"));
    }

    /** What anybody polls with says nothing new. */
    @Test
    void doesNotTellOfStatusAndUnknownTokens(CapturedOutput output) {
        var begun = gateway.begin("asks");
        for (var token :
                List.of(begun.token(), begun.token().replace(begun.token().charAt(5), '-'))) {
            gateway.client(token)
                    .post()
                    .uri("/authenticators/mobile/{uuid}/enrollment_status/", begun.device())
                    .exchange()
                    .returnResult(Void.class);
        }
        assertThat(output.getAll()).doesNotContain(begun.device());
    }

    private static void tells(CapturedOutput output, Begun begun, String line) {
        assertThat(output.getAll()).contains(line).doesNotContain(begun.token());
        assertThat(output.getAll().lines().filter(told -> told.contains(line)))
                .singleElement()
                .asString()
                .contains(" INFO ");
    }

    private static String refused(Begun begun, String why) {
        return "The enrollment token of device " + begun.device() + " was refused: " + why;
    }

    private static CompletableFuture<Integer> later(Begun begun) {
        return CompletableFuture.supplyAsync(() -> use(begun), Thread::startVirtualThread);
    }

    private static int use(Begun begun) {
        return use(begun, UUID.randomUUID().toString());
    }

    private static int use(Begun begun, String deviceUid) {
        return gateway.callback(begun, deviceUid).returnResult(Void.class).getStatus().value();
    }

    private static int call(Begun begun, String device, Map<String, ?> body) {
        return gateway.client(begun.token())
                .post()
                .uri("/authenticators/mobile/{uuid}/enrollment_callback/", device)
                .bodyValue(body)
                .exchange()
                .returnResult(Void.class)
                .getStatus()
                .value();
    }
}
