package nod.gateway.enrollment;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.DecodeHintType;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;

import nod.gateway.RunningGateway;
import nod.gateway.RunningGateway.Begun;
import nod.gateway.RunningGateway.EnrolledPhone;
import nod.messaging.testing.TestServers;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.test.web.reactive.server.WebTestClient;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

class EnrollmentIT {

    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.start(new TestServers());
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void givesAQrCodeThatCarriesThePayload() throws Exception {
        var begun = gateway.begin("qr");

        var text = decode(begun.body().path("qr_code").asString());

        assertThat(text)
                .isEqualTo(
                        "{\"u\":\"http://localhost:8080/\",\"s\":\"%s\",\"t\":\"%s\"}"
                                .formatted(begun.device(), begun.token()));
    }

    @Test
    void takesAnEnrollmentTokenOnceAndShowsTheStatusWithIt() {
        var begun = gateway.begin("once");

        assertThat(status(begun)).isEqualTo("waiting");
        gateway.callback(begun, "uid-once").expectStatus().isOk();
        assertThat(status(begun)).isEqualTo("success");
        gateway.callback(begun, "uid-once")
                .expectStatus()
                .isForbidden()
                .expectBody()
                .json("{\"detail\":\"Token invalid/expired\"}");
    }

    @Test
    void replacesTheDeviceThatTheSamePhoneHadBefore() {
        var first = gateway.enrol("again", "uid-again");
        var second = gateway.enrol("again", "uid-again");

        show(first).expectStatus().isNotFound();
        show(second).expectStatus().isOk();
        assertThat(first.answer(UUID.randomUUID(), "accept")).isEqualTo(403);
    }

    @Test
    void refusesThePhoneOfAnotherUser() {
        gateway.enrol("alice", "uid-shared");

        gateway.callback(gateway.begin("bob"), "uid-shared")
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.device_uid[0]")
                .exists();
    }

    @Test
    void refusesTheTwentyFirstDevice() {
        for (int i = 0; i < 20; i++) {
            gateway.begin("collector");
        }
        gateway.deployment()
                .post()
                .uri("/authenticators/mobile/")
                .bodyValue(Map.of("user", "collector"))
                .exchange()
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.user[0]")
                .exists();
    }

    @Test
    void collectsAllErrorsOfACallback() {
        var begun = gateway.begin("wrong");

        gateway.client(begun.token())
                .post()
                .uri("/authenticators/mobile/{uuid}/enrollment_callback/", begun.device())
                .bodyValue(Map.of("info", Map.of("platform", "symbian", "os_version", " ")))
                .exchange()
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .json(
                        """
                        {"device_uid": ["This field is required."],
                         "info": {"platform": ["\\"symbian\\" is not a valid choice."],
                                  "os_version": ["This field may not be blank."],
                                  "model": ["This field is required."],
                                  "hostname": ["This field is required."],
                                  "app_version": ["This field is required."],
                                  "others": ["This field is required."]}}
                        """);
    }

    private static String status(Begun begun) {
        var answer =
                gateway.client(begun.token())
                        .post()
                        .uri("/authenticators/mobile/{uuid}/enrollment_status/", begun.device())
                        .exchange()
                        .expectStatus()
                        .isOk();
        return RunningGateway.body(answer).path("status").asString();
    }

    private static WebTestClient.ResponseSpec show(EnrolledPhone phone) {
        return gateway.deployment()
                .get()
                .uri("/authenticators/mobile/{uuid}/", phone.device())
                .exchange();
    }

    /** Paints the SVG's squares and reads them as a phone's camera would. */
    private static String decode(String dataUrl) throws Exception {
        var svg =
                new String(
                        Base64.getDecoder().decode(dataUrl.substring(dataUrl.indexOf(',') + 1)),
                        StandardCharsets.UTF_8);
        var size = Pattern.compile("viewBox=\"0 0 (\\d+)").matcher(svg);
        assertThat(size.find()).isTrue();
        var width = Integer.parseInt(size.group(1));
        var scale = 4;
        var pixels = new int[width * scale * width * scale];
        Arrays.fill(pixels, 0xffffff);
        var squares = Pattern.compile("M(\\d+) (\\d+)h1v1h-1z").matcher(svg);
        while (squares.find()) {
            for (int y = 0; y < scale; y++) {
                for (int x = 0; x < scale; x++) {
                    var row = Integer.parseInt(squares.group(2)) * scale + y;
                    var column = Integer.parseInt(squares.group(1)) * scale + x;
                    pixels[row * width * scale + column] = 0;
                }
            }
        }
        var picture = new RGBLuminanceSource(width * scale, width * scale, pixels);
        // Drawn, not photographed: looking for it, the reader misses one in forty.
        return new QRCodeReader()
                .decode(
                        new BinaryBitmap(new HybridBinarizer(picture)),
                        Map.of(DecodeHintType.PURE_BARCODE, true))
                .getText();
    }
}
