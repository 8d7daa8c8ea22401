package nod.gateway.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.RSAKey;

import nod.gateway.RunningGateway;
import nod.gateway.RunningGateway.Begun;
import nod.gateway.RunningGateway.EnrolledPhone;
import nod.gateway.contract.RawHttp;
import nod.gateway.security.jwt.Issuer;
import nod.gateway.web.Resource;
import nod.messaging.testing.Apart;
import nod.messaging.testing.TestServers;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import org.springframework.test.web.reactive.server.WebTestClient;

import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Every path of the API against every kind of credential. */
@Apart
class CredentialsIT {

    private static final String PATH = "/authenticators/mobile/";
    private static final String NOT_PROVIDED = "Authentication credentials were not provided.";
    private static final String UNSUPPORTED = "Unsupported authentication type";
    private static final String INVALID = "Token invalid/expired";
    private static final String NO_PERMISSION =
            "You do not have permission to perform this action.";

    private static final RSAKey KEY = Issuer.rsa("rsa-1");

    private static Issuer issuer;
    private static RunningGateway gateway;
    private static EnrolledPhone phone;
    private static Begun begun;

    @BeforeAll
    static void start() {
        issuer = Issuer.start().publish(KEY);
        gateway = RunningGateway.start(TestServers.apart(), issuer.settings());
        phone = gateway.enrol("7");
        begun = gateway.begin("7");
    }

    @AfterAll
    static void stop() {
        gateway.close();
        issuer.close();
    }

    /** A credential, and where it is good. */
    enum Credential {
        API_KEY(Set.of(Access.DEPLOYMENT, Access.DEPLOYMENT_OR_OWNER), NO_PERMISSION) {
            @Override
            String token() {
                return RunningGateway.API_KEY;
            }
        },
        DEPLOYMENT_JWT(Set.of(Access.DEPLOYMENT, Access.DEPLOYMENT_OR_OWNER), NO_PERMISSION) {
            @Override
            String token() {
                return jwt("7", Issuer.DEPLOYMENT);
            }
        },
        OWNER_JWT(Set.of(Access.DEPLOYMENT_OR_OWNER), NO_PERMISSION) {
            @Override
            String token() {
                return jwt("7", Issuer.OWNER);
            }
        },
        JWT_WITHOUT_SCOPE(Set.of(), NO_PERMISSION) {
            @Override
            String token() {
                return jwt("7", "openid");
            }
        },
        DEVICE_TOKEN(Set.of(Access.DEVICE, Access.DEVICE_OR_ENROLLMENT), NO_PERMISSION) {
            @Override
            String token() {
                return phone.token();
            }
        },
        ENROLLMENT_TOKEN(Set.of(Access.ENROLLMENT, Access.DEVICE_OR_ENROLLMENT), NO_PERMISSION) {
            @Override
            String token() {
                return begun.token();
            }
        },
        FORGED_JWT(Set.of(), INVALID) {
            @Override
            String token() {
                return Issuer.sign(
                        Issuer.rsa("rsa-1"),
                        JWSAlgorithm.RS256,
                        Issuer.claims("7", Issuer.DEPLOYMENT).build());
            }
        },
        UNKNOWN_TOKEN(Set.of(), INVALID) {
            @Override
            String token() {
                return new Tokens().next();
            }
        },
        GARBAGE(Set.of(), INVALID) {
            @Override
            String token() {
                return "x";
            }
        };

        private final Set<Access> goodFor;
        private final String otherwise;

        Credential(Set<Access> goodFor, String otherwise) {
            this.goodFor = goodFor;
            this.otherwise = otherwise;
        }

        abstract String token();
    }

    /** Credentials are checked before the method: a method that no path has gets 405 or 403. */
    @ParameterizedTest
    @EnumSource
    void isLetInWhereItIsGoodAndToldWhyElsewhere(Credential credential) {
        for (var resource : gateway.resources()) {
            var answer = options(gateway.client(credential.token()), resource, credential);
            if (resource.access() == Access.ANYONE
                    || credential.goodFor.contains(resource.access())) {
                assertStatus(answer, resource, 405);
            } else {
                assertForbidden(answer, credential.otherwise);
            }
        }
    }

    private static WebTestClient.ResponseSpec options(
            WebTestClient client, Resource resource, Credential credential) {
        var device =
                credential == Credential.ENROLLMENT_TOKEN
                        ? begun.device()
                        : phone.device().toString();
        return client.method(HttpMethod.OPTIONS).uri(uri(resource, device)).exchange();
    }

    private static String uri(Resource resource, String device) {
        return resource.path()
                .replace("{uuid}", device)
                .replace("{tx_id}", UUID.randomUUID().toString())
                .replace("{user}", "7");
    }

    private static void assertStatus(
            WebTestClient.ResponseSpec answer, Resource resource, int status) {
        assertThat(answer.returnResult(Void.class).getStatus().value())
                .as(resource.path())
                .isEqualTo(status);
    }

    private static void assertForbidden(WebTestClient.ResponseSpec answer, String detail) {
        var result = answer.expectBody(String.class).returnResult();
        assertThat(result.getResponseBody()).isEqualTo("{\"detail\":\"" + detail + "\"}");
        assertThat(result.getStatus().value()).isEqualTo(403);
        assertThat(result.getResponseHeaders().containsHeader("WWW-Authenticate")).isFalse();
    }

    @Test
    void refusesWhoeverBringsNothing() {
        for (var resource : gateway.resources()) {
            if (resource.access() != Access.ANYONE) {
                var uri = uri(resource, phone.device().toString());
                assertForbidden(
                        gateway.anonymous().method(HttpMethod.OPTIONS).uri(uri).exchange(),
                        NOT_PROVIDED);
            }
        }
    }

    @Test
    void refusesThePhonesTokenOnThePathOfAnotherDevice() {
        var other = gateway.enrol("7");

        assertForbidden(
                phone.client().get().uri(PATH + other.device() + "/transactions/").exchange(),
                NO_PERMISSION);
        assertForbidden(
                gateway.client(begun.token())
                        .post()
                        .uri(PATH + other.device() + "/enrollment_status/")
                        .exchange(),
                NO_PERMISSION);
    }

    @Test
    void readsTheHeaderAsTheContractSays() {
        var jwt = jwt("7", Issuer.DEPLOYMENT);

        list("bEARer " + jwt).expectStatus().isOk();
        assertForbidden(list("Bearer"), NOT_PROVIDED);
        assertForbidden(list("Basic bm9kOm5vZA=="), UNSUPPORTED);
        assertForbidden(list("Bearer " + jwt + " more"), INVALID);
        assertForbidden(list("Bearer " + jwt, "Bearer " + jwt), INVALID);
        assertForbidden(list("Bearer " + jwt, "Basic x"), INVALID);
    }

    @ParameterizedTest
    @ValueSource(ints = {4_000, 7_900})
    void refusesAHugeToken(int length) {
        assertForbidden(list("Bearer " + "a.b.".repeat(length / 4)), INVALID);
    }

    /** The server refuses headers of more than 8 KiB before anybody reads them. */
    @ParameterizedTest
    @ValueSource(ints = {9_000, 200_000})
    void isNotReachedByAnEvenLargerOne(int length) throws IOException {
        try (var connection = new RawHttp(gateway.port())) {
            var answer =
                    connection
                            .send(
                                    """
                                    GET /api/v3%s HTTP/1.1\r
                                    Host: localhost\r
                                    Authorization: Bearer %s\r
                                    \r
                                    """
                                            .formatted(PATH, "a.b.".repeat(length / 4)))
                            .answer();
            // 0: what was left unread made the closed connection swallow the answer.
            assertThat(answer.status()).matches(status -> status == 0 || status / 100 == 4);
        }
    }

    private static WebTestClient.ResponseSpec list(String... authorization) {
        return gateway.anonymous()
                .get()
                .uri(PATH)
                .header("Authorization", authorization)
                .exchange();
    }

    private static String jwt(String subject, String scope) {
        return Issuer.sign(KEY, JWSAlgorithm.RS256, Issuer.claims(subject, scope).build());
    }

    /** Whoever opens a further operation to owners has to show here what it does for them. */
    @Test
    void opensNoOtherOperationToOwners() {
        var open = new HashSet<String>();
        for (var resource : gateway.resources()) {
            if (resource.access() == Access.DEPLOYMENT_OR_OWNER) {
                resource.operations()
                        .keySet()
                        .forEach(method -> open.add(method + " " + resource.path()));
            }
        }

        assertThat(open)
                .containsExactlyInAnyOrder(
                        "GET /authenticators/mobile/",
                        "POST /authenticators/mobile/",
                        "GET /authenticators/mobile/{uuid}/",
                        "PUT /authenticators/mobile/{uuid}/",
                        "PATCH /authenticators/mobile/{uuid}/",
                        "DELETE /authenticators/mobile/{uuid}/",
                        "GET /authenticators/mobile/{uuid}/used_by/");
    }

    @Test
    void showsAnOwnerTheOwnDevicesAlone() {
        var own = gateway.enrol("ann");
        var foreign = gateway.enrol("bob");
        var ann = gateway.client(jwt("ann", Issuer.OWNER));

        for (var query : Set.of("", "?user=bob", "?user=ann", "?user=", "?search=phone")) {
            var list = RunningGateway.body(ann.get().uri(PATH + query).exchange());
            assertThat(list.path("results").valueStream().map(one -> one.path("pk").asString()))
                    .as(query)
                    .containsExactly(own.device().toString());
            assertThat(list.path("pagination").path("count").asInt()).isEqualTo(1);
        }
        ann.get().uri(PATH + own.device() + "/").exchange().expectStatus().isOk();
        assertNotFound(ann.get().uri(PATH + foreign.device() + "/").exchange());
        assertNotFound(ann.get().uri(PATH + UUID.randomUUID() + "/").exchange());
    }

    @Test
    void letsAnOwnerChangeTheOwnDevicesAlone() {
        var own = gateway.enrol("carl");
        var foreign = gateway.enrol("dora");
        var carl = gateway.client(jwt("carl", Issuer.OWNER));

        rename(carl, HttpMethod.PATCH, own).expectStatus().isOk();
        rename(carl, HttpMethod.PUT, own).expectStatus().isOk();
        assertNotFound(rename(carl, HttpMethod.PATCH, foreign));
        assertNotFound(rename(carl, HttpMethod.PUT, foreign));
        assertNotFound(carl.delete().uri(PATH + foreign.device() + "/").exchange());
        carl.delete().uri(PATH + own.device() + "/").exchange().expectStatus().isNoContent();

        var left = RunningGateway.body(get(foreign.device() + "/").expectStatus().isOk());
        assertThat(left.path("name").asString()).isEqualTo("my phone");
        assertNotFound(get(own.device() + "/"));
    }

    private static WebTestClient.ResponseSpec rename(
            WebTestClient client, HttpMethod method, EnrolledPhone renamed) {
        return client.method(method)
                .uri(PATH + renamed.device() + "/")
                .bodyValue(Map.of("pk", renamed.device(), "name", "renamed"))
                .exchange();
    }

    private static WebTestClient.ResponseSpec get(String rest) {
        return gateway.deployment().get().uri(PATH + rest).exchange();
    }

    private static void assertNotFound(WebTestClient.ResponseSpec answer) {
        answer.expectStatus().isNotFound().expectBody().json("{\"detail\":\"Not found.\"}");
    }

    @Test
    void tellsAnOwnerNothingOfWhatUsesADevice() {
        var own = gateway.enrol("emil");
        var foreign = gateway.enrol("fay");
        var emil = gateway.client(jwt("emil", Issuer.OWNER));

        emil.get()
                .uri(PATH + own.device() + "/used_by/")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(String.class)
                .isEqualTo("[]");
        assertForbidden(
                emil.get().uri(PATH + foreign.device() + "/used_by/").exchange(), NO_PERMISSION);
        assertNotFound(emil.get().uri(PATH + UUID.randomUUID() + "/used_by/").exchange());
        assertThat(RunningGateway.body(get(own.device() + "/used_by/")).size()).isPositive();
    }

    @Test
    void letsNoOwnerEnrolUnlessTheDeploymentWantsIt() {
        assertForbidden(begin(gateway.client(jwt("gus", Issuer.OWNER)), "gus"), NO_PERMISSION);
        begin(gateway.client(jwt("x", Issuer.DEPLOYMENT)), "gus").expectStatus().isCreated();
    }

    private static WebTestClient.ResponseSpec begin(WebTestClient client, String user) {
        return client.post().uri(PATH).bodyValue(Map.of("user", user)).exchange();
    }
}
