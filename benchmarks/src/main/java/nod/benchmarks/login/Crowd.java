package nod.benchmarks.login;

import nod.benchmarks.rig.Rig;
import nod.simulators.fault.Provider;
import nod.simulators.phone.PhoneModel;
import nod.simulators.phone.SigningKey;
import nod.simulators.phone.VirtualPhone;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Users with a phone each, one half reached through FCM and the other through APNs. Each phone has
 * a key on P-256 and proves its calls. Thread-safe.
 */
public final class Crowd {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int AT_ONCE = 8;

    private final List<Phone> phones;
    private final AtomicInteger turn = new AtomicInteger();

    private Crowd(List<Phone> phones) {
        this.phones = phones;
    }

    /** Enrols so many, as apps do: by QR code, callback and push key. */
    public static Crowd enrol(Rig rig, int size) throws InterruptedException {
        var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        try (var workers = Executors.newFixedThreadPool(AT_ONCE)) {
            var enrolling =
                    IntStream.range(0, size)
                            .mapToObj(i -> workers.submit(() -> enrol(rig, http, i)))
                            .toList();
            return new Crowd(enrolling.stream().map(Crowd::result).toList());
        }
    }

    private static Phone enrol(Rig rig, HttpClient http, int number)
            throws IOException, InterruptedException {
        var user = "user-" + number;
        var gateway = rig.gateways().getFirst();
        var model = model(number).with(SigningKey.p256());
        var phone =
                VirtualPhone.enrol(
                        qrCode(gateway, http, user), model, rig.simulators().controlUri(), http);
        phone.setNotificationKey();
        Provider provider = model.provider();
        return new Phone(user, phone, rig.simulators().inbox(provider));
    }

    private static PhoneModel model(int number) {
        var name = "phone-" + number;
        return number % 2 == 0 ? PhoneModel.android(name) : PhoneModel.iphone(name);
    }

    private static String qrCode(URI gateway, HttpClient http, String user)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(gateway.resolve("api/v3/authenticators/mobile/"))
                        .header("Authorization", "Bearer " + Rig.API_KEY)
                        .header("Content-Type", "application/json")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"user\":\"%s\"}".formatted(user)))
                        .build();
        var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 201) {
            throw new IllegalStateException("an enrolment began with " + answer.statusCode());
        }
        return JSON.readTree(answer.body()).path("payload").toString();
    }

    private static Phone result(Future<Phone> enrolled) {
        try {
            return enrolled.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a phone could not be enrolled", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** The one that logs in now: each has its turn. */
    public Phone next() {
        return phones.get(Math.floorMod(turn.getAndIncrement(), phones.size()));
    }
}
