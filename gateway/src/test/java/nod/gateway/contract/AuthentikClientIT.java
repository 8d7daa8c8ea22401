package nod.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import authentik.client.ApiClient;
import authentik.client.ApiException;
import authentik.client.api.AuthenticatorsApi;
import authentik.client.model.ActionEnum;
import authentik.client.model.MobileDevice;
import authentik.client.model.MobileDeviceEnrollmentRequest;
import authentik.client.model.MobileDeviceInfoRequest;
import authentik.client.model.MobileDeviceRequest;
import authentik.client.model.MobileDeviceResponseRequest;
import authentik.client.model.MobileDeviceSetPushKeyRequest;
import authentik.client.model.PatchedMobileDeviceRequest;
import authentik.client.model.PlatformEnum;
import authentik.client.model.StatusEnum;

import nod.gateway.RunningGateway;
import nod.messaging.testing.TestServers;
import nod.schemas.event.Event;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

import java.net.http.HttpClient;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * A client that the build makes of authentik's document, with authentik's own generator, drives
 * every operation of it. Nothing in it knows of this gateway.
 */
class AuthentikClientIT {

    private static RunningGateway gateway;

    private final Contract contract = new Contract();
    private final AuthenticatorsApi authentik = api(RunningGateway.API_KEY);

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start(new TestServers());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void drivesEveryOperationOfTheDocument() throws Exception {
        var device = enrols();
        var phone = api(device.token());
        tellsOfItself(phone, device.pk());
        answers(phone, device.pk());
        isShownRenamedAndRemoved(device.pk());

        assertThat(contract.served()).containsExactlyInAnyOrderElementsOf(documented());
    }

    private record Enrolled(UUID pk, String token) {}

    private Enrolled enrols() throws ApiException {
        var begun = gateway.begin("generated");
        var pk = UUID.fromString(begun.device());
        var scanner = api(begun.token());
        assertThat(scanner.authenticatorsMobileEnrollmentStatusCreate(pk).getStatus())
                .isEqualTo(StatusEnum.WAITING);

        var answer =
                scanner.authenticatorsMobileEnrollmentCallbackCreate(
                        pk,
                        new MobileDeviceEnrollmentRequest()
                                .deviceUid("generated-uid")
                                .info(info("enrolled")));

        assertThat(scanner.authenticatorsMobileEnrollmentStatusCreate(pk).getStatus())
                .isEqualTo(StatusEnum.SUCCESS);
        return new Enrolled(pk, answer.getToken());
    }

    private void tellsOfItself(AuthenticatorsApi phone, UUID pk) throws ApiException {
        phone.authenticatorsMobileCheckInCreate(pk, info("checked in"));
        phone.authenticatorsMobileSetNotificationKeyCreate(
                pk, new MobileDeviceSetPushKeyRequest().firebaseKey("a-key"));

        var shown = authentik.authenticatorsMobileRetrieve(pk);

        assertThat(shown.getPk()).isEqualTo(pk.toString());
        assertThat(shown.getConfirmed()).isTrue();
        assertThat(shown.getLastCheckin().getHostname()).isEqualTo("checked in");
        assertThat(shown.getLastCheckin().getPlatform()).isEqualTo(PlatformEnum.IOS);
        assertThat(shown.getLastCheckin().getOthers()).containsEntry("anything", 1);
    }

    private void answers(AuthenticatorsApi phone, UUID pk) throws ApiException {
        var login =
                RunningGateway.body(
                        gateway.deployment()
                                .post()
                                .uri("/authenticators/mobile/transactions/")
                                .bodyValue(Map.of("user", "generated"))
                                .exchange()
                                .expectStatus()
                                .isCreated());
        assertThat(authentik.authenticatorsMobileUsedByList(pk))
                .anySatisfy(
                        use -> {
                            assertThat(use.getPk()).isEqualTo(login.path("tx_id").asString());
                            assertThat(use.getAction()).isEqualTo(ActionEnum.CASCADE);
                        });

        phone.authenticatorsMobileReceiveResponseCreate(
                pk, response(login.path("tx_id").asString(), login.path("item").asString()));

        assertThatThrownBy(
                        () ->
                                phone.authenticatorsMobileReceiveResponseCreate(
                                        pk, response(UUID.randomUUID().toString(), "deny")))
                .asInstanceOf(type(ApiException.class))
                .extracting(ApiException::getCode)
                .isEqualTo(404);
    }

    private void isShownRenamedAndRemoved(UUID pk) throws ApiException {
        authentik.authenticatorsMobileUpdate(
                pk, new MobileDeviceRequest().pk(pk.toString()).name("put"));
        var patched =
                authentik.authenticatorsMobilePartialUpdate(
                        pk, new PatchedMobileDeviceRequest().name("patched"));
        assertThat(patched.getName()).isEqualTo("patched");

        var page = authentik.authenticatorsMobileList("patched", "-name", 1, 10, "PATCHED");
        assertThat(page.getResults()).extracting(MobileDevice::getPk).containsExactly("" + pk);
        assertThat(page.getPagination().getCount()).isEqualByComparingTo("1");

        authentik.authenticatorsMobileDestroy(pk);
        assertThatThrownBy(() -> authentik.authenticatorsMobileRetrieve(pk))
                .asInstanceOf(type(ApiException.class))
                .extracting(ApiException::getCode)
                .isEqualTo(404);
    }

    private static MobileDeviceInfoRequest info(String hostname) {
        return new MobileDeviceInfoRequest()
                .platform(PlatformEnum.IOS)
                .osVersion("26.0")
                .model("iPhone18,1")
                .hostname(hostname)
                .appVersion("1.0")
                .others(Map.of("anything", 1));
    }

    private static MobileDeviceResponseRequest response(String txId, String item) {
        return new MobileDeviceResponseRequest().txId(UUID.fromString(txId)).selectedItem(item);
    }

    private AuthenticatorsApi api(String token) {
        var client =
                new ApiClient() {
                    @Override
                    public HttpClient getHttpClient() {
                        return CheckedHttpClient.of(contract, gateway.url());
                    }
                };
        client.updateBaseUri(gateway.url() + "api/v3");
        client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + token));
        return new AuthenticatorsApi(client);
    }

    /** Of the file that the client is made of, not of what the gateway says about itself. */
    private static Set<String> documented() throws Exception {
        try (var file =
                Event.class.getResourceAsStream(
                        "/nod/schemas/openapi/authentik-mobile.openapi.yaml")) {
            var ids = new TreeSet<String>();
            for (var methods : YAMLMapper.builder().build().readTree(file).path("paths")) {
                methods.valueStream()
                        .map(operation -> operation.path("operationId"))
                        .map(JsonNode::asString)
                        .forEach(ids::add);
            }
            return ids;
        }
    }
}
