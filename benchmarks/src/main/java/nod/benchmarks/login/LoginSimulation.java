package nod.benchmarks.login;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.jsonPath;
import static io.gatling.javaapi.core.CoreDsl.rampUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.core.CoreDsl.substring;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import static java.util.Objects.requireNonNull;

import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.OpenInjectionStep;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.HttpProtocolBuilder;

import nod.benchmarks.login.Login.Shown;
import nod.benchmarks.rig.Rig;

import org.jspecify.annotations.Nullable;

/** The callers: each starts a login and waits for its outcome. Gatling makes one for each run. */
public final class LoginSimulation extends Simulation {

    /** Gatling passes nothing to the simulations that it makes. */
    private static volatile @Nullable Logins next;

    private static final String LOGIN = "login";
    private static final String TX_ID = "tx_id";
    private static final String ITEM = "item";
    private static final String STATUS = "status";
    private static final int TOO_MANY = 503;
    private static final String PATH = "api/v3/authenticators/mobile/transactions/";
    // Less than a request may take by Gatling's own settings.
    private static final int WAIT_SECONDS = 50;

    private final Logins logins = requireNonNull(next);

    public LoginSimulation() {
        setUp(scenario("logins").exec(login()).injectOpen(arrivals())).protocols(protocol());
    }

    // All at once would overwhelm JVMs that are cold, and logins that fail are remembered as
    // pauses.
    private OpenInjectionStep[] arrivals() {
        int rate = logins.rate();
        var duration = logins.duration();
        if (!logins.isWarmUp()) {
            return new OpenInjectionStep[] {constantUsersPerSec(rate).during(duration)};
        }
        var half = duration.dividedBy(2);
        return new OpenInjectionStep[] {
            rampUsersPerSec(1).to(rate).during(half), constantUsersPerSec(rate).during(half)
        };
    }

    /** What the next simulation runs. */
    static void runNext(Logins logins) {
        next = logins;
    }

    @Override
    public void before() {
        logins.begin();
    }

    @Override
    public void after() {
        logins.end();
    }

    // A caller keeps its connections, as authentik's workers do.
    private static HttpProtocolBuilder protocol() {
        return http.shareConnections()
                .disableCaching()
                .acceptHeader("application/json")
                .contentTypeHeader("application/json")
                .authorizationHeader("Bearer " + Rig.API_KEY);
    }

    private ChainBuilder login() {
        return exec(session -> session.set(LOGIN, logins.arrive()))
                .exec(
                        http("start")
                                .post(_ -> logins.gateway().resolve(PATH).toString())
                                .header("Idempotency-Key", session -> of(session).idempotencyKey())
                                .body(StringBody(session -> start(of(session))))
                                .check(status().saveAs(STATUS))
                                .check(status().is(201))
                                .check(jsonPath("$.tx_id").saveAs(TX_ID))
                                .check(jsonPath("$.item").saveAs(ITEM)))
                .exec(this::refused)
                .exitHereIfFailed()
                .exec(this::started)
                .exec(
                        http("outcome")
                                .get(this::outcome)
                                .check(status().is(200))
                                .check(substring("\"status\":\"accept\"")))
                .exitHereIfFailed()
                .exec(this::accepted);
    }

    private static String start(Login login) {
        return """
        {"user":"%s","item_matching_mode":"number_matching_3","expires_in":60,
        "title":"Sign-in request","body":"Approve the sign-in to Wiki?",
        "context":{"application":"Wiki","domain":"sso.example.org"}}\
        """
                .formatted(login.phone().user());
    }

    private String outcome(Session session) {
        return logins.gateway()
                .resolve("%s%s/?wait=%d".formatted(PATH, session.getString(TX_ID), WAIT_SECONDS))
                .toString();
    }

    private Session refused(Session session) {
        if (session.contains(STATUS) && session.getInt(STATUS) == TOO_MANY) {
            logins.refused(of(session));
        }
        return session;
    }

    private Session started(Session session) {
        var shown =
                new Shown(
                        requireNonNull(session.getString(TX_ID)),
                        requireNonNull(session.getString(ITEM)));
        logins.started(of(session), shown);
        return session;
    }

    private Session accepted(Session session) {
        logins.accepted(of(session));
        return session;
    }

    private static Login of(Session session) {
        return requireNonNull(session.<Login>get(LOGIN));
    }
}
