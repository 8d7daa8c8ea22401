package nod.standalone.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import nod.messaging.testing.SpanReceiver;
import nod.messaging.testing.SpanReceiver.Received;
import nod.simulators.phone.PhoneModel;
import nod.simulators.phone.VirtualPhone;
import nod.standalone.RestorableSystem;
import nod.standalone.docs.Page;
import nod.standalone.e2e.Authentik.Login;
import nod.standalone.monitoring.Asked.Alert;
import nod.standalone.monitoring.PromQl.Selector;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;

/** A system with a collector of spans, after logins: what an operator sees of them. */
@Isolated
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MonitoringIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** What Prometheus itself knows of whom it scrapes. */
    private static final Set<String> PROMETHEUS_LABELS = Set.of("job", "instance");

    private static final Set<String> PROMETHEUS_METRICS = Set.of("up");

    /** The spans that are the caller's own. */
    private static final String CALLER = "b7ad6b7169203331";

    private static final String OTHER_USER = "another-user-that-no-span-tells";

    private static final String API = "/api/v3/authenticators/mobile/";

    private final String traceId = newTraceId();
    private final String title = "Title that no span tells";
    private final String user = "user-that-no-span-tells";
    private final List<VirtualPhone> phones = new ArrayList<>();
    private SpanReceiver collector;
    private RestorableSystem system;
    private Login login;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException, InterruptedException {
        this.collector = new SpanReceiver();
        this.system =
                new RestorableSystem(
                        folder,
                        Map.of(
                                "nod.messaging.tracing.endpoint",
                                collector.endpoint().toString(),
                                "nod.messaging.tracing.percent",
                                "100",
                                "nod.response-collector.webhooks.audit.url",
                                "http://127.0.0.1:1/",
                                "nod.response-collector.webhooks.audit.secrets",
                                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                                "nod.response-collector.webhooks.audit.allow-private-addresses",
                                "true",
                                "nod.response-collector.authentik.url",
                                "http://127.0.0.1:1",
                                "nod.response-collector.authentik.token",
                                "TokenOfTheTestsOwnThatNobodyKnows0123456789"));
        this.login = logIn();
    }

    /** A login that two phones are asked for, one on each provider, and the second answers. */
    private Login logIn() {
        phones.add(system.phone(user, PhoneModel.android("pixel")));
        phones.add(system.phone(user, PhoneModel.iphone("iphone")));
        system.phone(OTHER_USER);
        var authentik = system.authentik().within(sampled(traceId));
        var started = authentik.start(user, "number_entry_6", Map.of("title", title));
        var prompt = phones.getLast().awaitPush(PATIENCE);
        phones.getLast().answer(prompt, started.rightItem());
        assertThat(authentik.await(started).status()).isEqualTo("accept");
        return started;
    }

    @AfterAll
    void stop() {
        system.close();
        collector.close();
    }

    private static String newTraceId() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    private static String sampled(String trace) {
        return "00-" + trace + "-" + CALLER + "-01";
    }

    private Scrape scrape() {
        var nod = system.standalone();
        return Stream.of(
                        nod.gatewayManagementUri(),
                        nod.dispatcherManagementUri(),
                        nod.responseCollectorManagementUri())
                .map(uri -> system.text(uri.resolve("actuator/prometheus")))
                .reduce(new Scrape(), Scrape::with, (one, _) -> one);
    }

    /** Names of the page as Prometheus has them, each with its tags. */
    private static Map<String, Set<String>> explained() {
        var metrics = new TreeMap<String, Set<String>>();
        for (var row : Page.rows(Page.named("monitoring.md").section("## Metrics"))) {
            var name = Page.names(row.getFirst()).getFirst();
            if (name.startsWith("nod.")) {
                metrics.put(
                        name.replace('.', '_') + suffix(row.get(1)),
                        new TreeSet<>(Page.names(row.get(2))));
            }
        }
        return metrics;
    }

    private static String suffix(String kind) {
        return switch (kind) {
            case "counter" -> "_total";
            case "timer", "gauge, seconds" -> "_seconds";
            case "gauge" -> "";
            default -> throw new AssertionError(kind + ": expected a kind of metric");
        };
    }

    @Test
    void thePageNamesEveryMetricThatIsThereAndNoOther() {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(
                                                scrape().families().stream()
                                                        .filter(name -> name.startsWith("nod_"))
                                                        .filter(name -> !name.endsWith("_max")))
                                        .containsExactlyInAnyOrderElementsOf(explained().keySet()));
    }

    @Test
    void thePageNamesTheTagsOfEveryMetric() {
        var scrape = scrape();
        explained()
                .forEach((name, tags) -> assertThat(labels(scrape, name)).as(name).isEqualTo(tags));
    }

    /** Of a timer the count has the tags alone; its buckets have their bound besides. */
    private static Set<String> labels(Scrape scrape, String family) {
        var labels = new TreeSet<String>();
        scrape.labelsOf(family).forEach(labels::addAll);
        scrape.labelsOf(family + "_count").forEach(labels::addAll);
        return labels;
    }

    @Test
    void alertsAndPanelsAskForNothingThatIsNotThere() {
        var scrape = scrape();
        var asking =
                Stream.concat(Asked.alerts().stream().map(Alert::asked), Asked.panels().stream())
                        .toList();

        assertThat(asking).hasSizeGreaterThan(40);
        for (var asked : asking) {
            for (var expression : asked.expressions()) {
                var query = PromQl.of(expression);
                assertThat(query.selectors()).as(asked.name()).isNotEmpty();
                assertThat(query.selectors())
                        .as(asked.name())
                        .allMatch(selector -> isThere(selector, scrape));
                assertThat(known(query, scrape)).as(asked.name()).containsAll(query.groupings());
            }
        }
    }

    private static boolean isThere(Selector selector, Scrape scrape) {
        var labels = new TreeSet<>(selector.labels());
        labels.removeAll(PROMETHEUS_LABELS);
        return PROMETHEUS_METRICS.contains(selector.metric())
                || scrape.labelsOf(selector.metric()).stream()
                        .anyMatch(sample -> sample.containsAll(labels));
    }

    private static Set<String> known(PromQl query, Scrape scrape) {
        var labels = new HashSet<>(PROMETHEUS_LABELS);
        query.selectors().stream()
                .flatMap(selector -> scrape.labelsOf(selector.metric()).stream())
                .forEach(labels::addAll);
        return labels;
    }

    /** A panel or an alert for every metric: what nobody looks at need not be measured. */
    @Test
    void everyMetricIsLookedAt() {
        var looked =
                Stream.concat(Asked.alerts().stream().map(Alert::asked), Asked.panels().stream())
                        .flatMap(asked -> asked.expressions().stream())
                        .flatMap(expression -> PromQl.of(expression).selectors().stream())
                        .map(selector -> selector.metric().replaceAll("_(bucket|count|sum)$", ""))
                        .toList();

        assertThat(looked).containsAll(explained().keySet());
    }

    @Test
    void aLoginIsOneTraceOverAllServices() {
        var start = awaitSpan("gateway", "POST " + API + "transactions/");
        assertThat(start.parent()).isEqualTo(CALLER);
        assertThat(start.details())
                .isEqualTo(
                        Map.of(
                                "http.request.method", "POST",
                                "http.route", API + "transactions/",
                                "http.response.status_code", "201"));
        var dispatch = awaitSpan("dispatcher", "process push.transaction.started.v1", start);
        assertThat(dispatch.details())
                .containsEntry("messaging.kafka.message.key", login.txId().toString())
                .containsEntry("messaging.consumer.group.name", "dispatcher");
        for (var provider : List.of("fcm", "apns")) {
            var push = awaitSpan("dispatcher", "push " + provider, dispatch);
            assertThat(push.kind()).isEqualTo("SPAN_KIND_CLIENT");
            assertThat(push.details())
                    .isEqualTo(
                            Map.of(
                                    "push.provider", provider,
                                    "push.result", "accepted",
                                    "push.attempt", "1"));
        }
        awaitSpan("gateway", "process push.delivery.reported.v1", dispatch);
        awaitSpan("gateway", "answer", start);
        var decision = awaitSpan("response-collector", "process push.response.received.v1", start);
        awaitSpan("gateway", "process push.outcome.decided.v1", decision);
        awaitSpan("response-collector", "process push.outcome.decided.v1", decision);
        awaitSpan("gateway", "GET " + API + "transactions/{tx_id}/");
        assertThat(collector.of(traceId))
                .extracting(Received::parent)
                .isSubsetOf(
                        Stream.concat(
                                        Stream.of(CALLER),
                                        collector.of(traceId).stream().map(Received::span))
                                .toList());
    }

    @Test
    void aLoginThatIsWithdrawnStaysInItsTrace() {
        var trace = newTraceId();
        var authentik = system.authentik();
        authentik.cancel(authentik.within(sampled(trace)).start(OTHER_USER, "accept_deny"));

        var start = awaitSpan(trace, "gateway", "POST " + API + "transactions/");
        var decision =
                awaitSpan(
                        trace,
                        "response-collector",
                        "process push.transaction.withdrawn.v1",
                        start);
        awaitSpan(trace, "gateway", "process push.outcome.decided.v1", decision);
    }

    /** The phone knows nothing of the login's trace: its call is one of its own. */
    @Test
    void theAnswerHasALinkToTheCallThatBroughtIt() {
        var start = awaitSpan("gateway", "POST " + API + "transactions/");
        var answer = awaitSpan("gateway", "answer", start);

        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(collector.all())
                                        .filteredOn(
                                                span ->
                                                        answer.links()
                                                                .contains(
                                                                        span.trace()
                                                                                + "/"
                                                                                + span.span()))
                                        .extracting(Received::name)
                                        .containsExactly(
                                                "POST " + API + "{uuid}/receive_response/"));
    }

    @Test
    void noSpanHoldsASecret() {
        aLoginIsOneTraceOverAllServices();
        var told = collector.text();

        assertThat(told)
                .doesNotContain(title, user, OTHER_USER)
                .doesNotContain(system.standalone().apiKey().value())
                .doesNotContain(phones.stream().map(VirtualPhone::pushKey).toList());
        assertThat(collector.all())
                .flatExtracting(span -> span.details().values())
                .isNotEmpty()
                .noneMatch(value -> value.equals(login.rightItem()));
    }

    private Received awaitSpan(String service, String name, Received... parent) {
        return awaitSpan(traceId, service, name, parent);
    }

    private Received awaitSpan(String trace, String service, String name, Received... parent) {
        return await().atMost(PATIENCE)
                .until(() -> spans(trace, service, name, parent), found -> !found.isEmpty())
                .getFirst();
    }

    private List<Received> spans(String trace, String service, String name, Received... parent) {
        return collector.of(trace).stream()
                .filter(span -> span.service().equals(service) && span.name().equals(name))
                .filter(span -> parent.length == 0 || span.parent().equals(parent[0].span()))
                .toList();
    }
}
