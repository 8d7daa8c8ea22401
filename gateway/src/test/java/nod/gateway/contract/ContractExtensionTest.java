package nod.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

/** A violation that no caller hears of fails the test all the same. */
class ContractExtensionTest {

    @Test
    void failsTheTestWhoseOtherThreadBrokeTheContract() {
        var results = run(OnAnotherThread.class);

        results.testEvents().assertStatistics(events -> events.failed(1).succeeded(1));
        assertThat(results.testEvents().failed().list())
                .singleElement()
                .satisfies(
                        event ->
                                assertThat(event.getTestDescriptor().getDisplayName())
                                        .isEqualTo("breaksIt()"));
    }

    @Test
    void failsTheClassWhoseEndBrokeTheContract() {
        run(AtTheEnd.class).containerEvents().assertStatistics(events -> events.failed(1));
    }

    @Test
    void failsTheRunThatBrokeTheContractAfterItsLastTest() {
        run(AfterTheEnd.class).containerEvents().assertStatistics(events -> events.failed(1));
    }

    /** Registered as for every test here: by the class path and junit-platform.properties. */
    private static EngineExecutionResults run(Class<?> tests) {
        return EngineTestKit.engine("junit-jupiter")
                .enableImplicitConfigurationParameters(true)
                .selectors(selectClass(tests))
                .execute();
    }

    static final class OnAnotherThread {

        @Test
        void breaksIt() throws Exception {
            violateUnheard();
        }

        @Test
        void doesNot() {}
    }

    static final class AtTheEnd {

        @Test
        void doesNot() {}

        @AfterAll
        static void breaksIt() throws Exception {
            violateUnheard();
        }
    }

    static final class AfterTheEnd {

        /** What is stored last is closed first: the contract's own look comes after this one. */
        @RegisterExtension
        static final BeforeAllCallback BREAKS_IT =
                context ->
                        context.getRoot()
                                .getStore(ExtensionContext.Namespace.GLOBAL)
                                .put(
                                        AfterTheEnd.class,
                                        (AutoCloseable) ContractExtensionTest::violateUnheard);

        @Test
        void doesNot() {}
    }

    private static void violateUnheard() throws InterruptedException {
        try (var server = new StubServer()) {
            server.answer(500, "text/html", "<p>");
            Thread.startVirtualThread(
                            () -> {
                                try (HttpClient client = CheckedHttpClient.of(server.url())) {
                                    client.send(
                                            HttpRequest.newBuilder(server.url()).build(),
                                            BodyHandlers.discarding());
                                } catch (Exception | ContractViolation unheard) {
                                    // As by a caller that waits for a better answer.
                                }
                            })
                    .join();
        }
    }
}
