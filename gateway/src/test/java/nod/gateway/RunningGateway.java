package nod.gateway;

import io.micrometer.core.instrument.MeterRegistry;

import nod.gateway.contract.CheckedWebClient;
import nod.gateway.web.Api;
import nod.gateway.web.Resource;
import nod.messaging.pruning.Prunable;
import nod.messaging.testing.ApplicationStart;
import nod.messaging.testing.TestServers;
import nod.schemas.event.Topic.Producer;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.logging.LoggingSystemProperty;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.test.web.reactive.server.WebTestClient;

import tools.jackson.databind.JsonNode;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** The gateway as a program, on real servers and ports of the system's choice. */
public final class RunningGateway implements AutoCloseable {

    /** The key that acts for the deployment. */
    public static final String API_KEY = "test-key-0123456789-0123456789-0123456789";

    private final ConfigurableApplicationContext context;

    private RunningGateway(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /** Starts a gateway on these servers, with settings beside the tests' own. */
    public static RunningGateway start(TestServers servers, Map<String, String> settings) {
        // A command that ran in this JVM before has silenced the console for all that comes after.
        System.clearProperty(LoggingSystemProperty.CONSOLE_THRESHOLD.getEnvironmentVariableName());
        var properties = new HashMap<String, Object>(servers.propertiesOf(Producer.GATEWAY));
        properties.put("server.port", "0");
        properties.put("management.server.port", "0");
        properties.put("nod.gateway.public-url", "http://localhost:8080/");
        properties.put("nod.gateway.api-keys.test", API_KEY);
        // Whole classes of tests fail from one address, with more in a minute than anybody may.
        properties.put("nod.gateway.throttle.credential-failures-per-minute", "1000000");
        properties.put("nod.gateway.throttle.device-failures-per-minute", "1000000");
        properties.putAll(settings);
        var arguments =
                properties.entrySet().stream()
                        .map(property -> "--" + property.getKey() + "=" + property.getValue())
                        .toArray(String[]::new);
        return new RunningGateway(
                ApplicationStart.of(
                        new SpringApplicationBuilder(GatewayApplication.class)
                                .properties("spring.config.name=gateway")
                                .initializers(RunningGateway::giveItEventLoopsOfItsOwn),
                        arguments));
    }

    // The shared ones would be gone for everybody as soon as the first gateway is closed.
    private static void giveItEventLoopsOfItsOwn(ConfigurableApplicationContext context) {
        if (context instanceof GenericApplicationContext registry) {
            registry.registerBean(
                    ReactorResourceFactory.class,
                    () -> {
                        var resources = new ReactorResourceFactory();
                        resources.setUseGlobalResources(false);
                        return resources;
                    });
        }
    }

    public static RunningGateway start(TestServers servers) {
        return start(servers, Map.of());
    }

    /** Where it listens. */
    public int port() {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    /** The same, with a slash at the end. */
    public URI url() {
        return URI.create("http://localhost:" + port() + "/");
    }

    /** A client that calls with this token. */
    public WebTestClient client(String token) {
        return anonymous().mutate().defaultHeader("Authorization", "Bearer " + token).build();
    }

    /** A client without credentials. */
    public WebTestClient anonymous() {
        return CheckedWebClient.of(url() + "api/v3")
                .responseTimeout(Duration.ofSeconds(70))
                // A page of a thousand devices.
                .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(4 * 1024 * 1024))
                .build();
    }

    /** A part of the running gateway. */
    public <T> T part(Class<T> type) {
        return context.getBean(type);
    }

    /** What it prunes of a table. */
    public Prunable prunable(String table) {
        return context.getBeansOfType(Prunable.class).values().stream()
                .filter(rows -> rows.table().equals(table))
                .findFirst()
                .orElseThrow();
    }

    /** Every path that it answers. */
    public List<Resource> resources() {
        return context.getBeansOfType(Api.class).values().stream()
                .flatMap(api -> api.resources().stream())
                .toList();
    }

    /** What it measures. */
    public MeterRegistry metrics() {
        return context.getBean(MeterRegistry.class);
    }

    /** A client that acts for the deployment. */
    public WebTestClient deployment() {
        return client(API_KEY);
    }

    /** Begins an enrolment. */
    public Begun begin(String user) {
        return new Begun(
                body(
                        deployment()
                                .post()
                                .uri("/authenticators/mobile/")
                                .bodyValue(Map.of("user", user))
                                .exchange()
                                .expectStatus()
                                .isCreated()));
    }

    /** Enrols a phone for the user. */
    public EnrolledPhone enrol(String user) {
        return enrol(user, UUID.randomUUID().toString());
    }

    /** Enrols the phone with this identifier for the user. */
    public EnrolledPhone enrol(String user, String deviceUid) {
        var begun = begin(user);
        var answer = body(callback(begun, deviceUid).expectStatus().isOk());
        var token = answer.path("token").asString();
        return new EnrolledPhone(UUID.fromString(begun.device()), token, client(token));
    }

    /** Calls back with what the QR code said. */
    public WebTestClient.ResponseSpec callback(Begun begun, String deviceUid) {
        return client(begun.token())
                .post()
                .uri("/authenticators/mobile/{uuid}/enrollment_callback/", begun.device())
                .bodyValue(Map.of("device_uid", deviceUid, "info", info("my phone")))
                .exchange();
    }

    /** The JSON body of an answer. */
    public static JsonNode body(WebTestClient.ResponseSpec answer) {
        return Objects.requireNonNull(
                answer.expectBody(JsonNode.class).returnResult().getResponseBody());
    }

    /** The answer that began an enrolment. */
    public record Begun(JsonNode body) {

        public String device() {
            return body.path("payload").path("s").asString();
        }

        public String token() {
            return body.path("payload").path("t").asString();
        }
    }

    /** What a phone says of itself. */
    public static Map<String, Object> info(String hostname) {
        return Map.of(
                "platform", "android",
                "os_version", "16",
                "model", "Pixel",
                "hostname", hostname,
                "app_version", "1.0",
                "others", Map.of());
    }

    @Override
    public void close() {
        context.close();
    }

    /** A phone that calls with its device token. */
    public record EnrolledPhone(UUID device, String token, WebTestClient client) {

        /** Answers; returns the status. */
        public int answer(Object txId, String item) {
            return client.post()
                    .uri("/authenticators/mobile/{uuid}/receive_response/", device)
                    .bodyValue(Map.of("tx_id", txId, "selected_item", item))
                    .exchange()
                    .returnResult(Void.class)
                    .getStatus()
                    .value();
        }
    }
}
