package nod.standalone.faults;

import nod.gateway.contract.CheckedHttpClient;
import nod.simulators.fault.Provider;
import nod.simulators.phone.PhoneModel;
import nod.simulators.phone.VirtualPhone;

import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The people who log in, with their phones enrolled, and authentik. */
final class Crowd implements AutoCloseable {

    /** Every so manieth person has two phones, one of each provider. */
    private static final int SECOND_PHONE = 4;

    private final Cluster cluster;
    private final String name;
    private final HttpClient http;
    private final PatientClient client;
    final History history = new History(Clock.systemUTC());
    private final Instant began = history.now();
    final Authentik authentik;
    final ConcurrentLinkedQueue<Person> idle = new ConcurrentLinkedQueue<>();
    final List<Phone> phones = new ArrayList<>();
    final Map<String, UUID> firstKeys = new HashMap<>();

    private Crowd(Cluster cluster, String name) {
        this.cluster = cluster;
        this.name = name;
        this.http = CheckedHttpClient.of(cluster.gatewayUri(), cluster.simulators.controlUri());
        this.client = new PatientClient(history);
        this.authentik = new Authentik(cluster.gatewayUri(), http, client, history);
    }

    /** Before anybody was enrolled. */
    Instant began() {
        return began;
    }

    /** Enrols that many people. */
    static Crowd enrol(Cluster cluster, int people) {
        var crowd = new Crowd(cluster, UUID.randomUUID().toString());
        try (var threads = Executors.newFixedThreadPool(8)) {
            var enrolled =
                    IntStream.range(0, people)
                            .mapToObj(number -> threads.submit(() -> crowd.person(number)))
                            .toList();
            for (var person : enrolled) {
                crowd.add(person.get());
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("the people could not be enrolled", e);
        }
        return crowd;
    }

    /** Through which provider pushes reach each device. */
    Map<UUID, Provider> providers() {
        return phones.stream().collect(Collectors.toMap(Phone::device, Phone::provider));
    }

    /** Somebody who takes no further part in the load. */
    Person takeOne() {
        return Objects.requireNonNull(idle.poll());
    }

    private void add(Person person) {
        idle.add(person);
        phones.addAll(person.phones());
        person.phones().forEach(phone -> firstKeys.put(phone.pushKey(), phone.device()));
    }

    private Person person(int number) {
        var user = "%s-%d".formatted(name, number);
        var phones = new ArrayList<Phone>();
        phones.add(phone(user, number % 2 == 0));
        if (number % SECOND_PHONE == 0) {
            phones.add(phone(user, number % 2 != 0));
        }
        return new Person(user, List.copyOf(phones));
    }

    private Phone phone(String user, boolean android) {
        // Without keys: a gateway whose clock is a minute off refuses proofs, as it has to.
        var model = (android ? PhoneModel.android(user) : PhoneModel.iphone(user)).withoutKeys();
        var phone =
                VirtualPhone.enrol(
                        authentik.beginEnrolment(user).orElseThrow(),
                        model,
                        cluster.simulators.controlUri(),
                        http);
        phone.setNotificationKey();
        return new Phone(phone, cluster.simulators, client);
    }

    @Override
    public void close() {
        client.close();
        http.shutdownNow();
    }
}
