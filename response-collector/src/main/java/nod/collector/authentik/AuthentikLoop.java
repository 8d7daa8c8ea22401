package nod.collector.authentik;

import nod.collector.CollectorSettings;
import nod.collector.CollectorSettings.Authentik;
import nod.collector.delivery.Deliveries;
import nod.collector.delivery.DeliveryLoop;
import nod.collector.delivery.Endpoint;
import nod.collector.delivery.Requests;
import nod.collector.delivery.Terms;
import nod.collector.delivery.Turns;

import org.springframework.stereotype.Component;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/** Has authentik told what is due, again and again. */
@Component
final class AuthentikLoop extends DeliveryLoop {

    /** Of the service's connections to the database; its own, whatever webhooks do. */
    private static final int STATEMENTS = 1;

    /** It is one's own authentik, and soon mended: nobody is to wait for hours then. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    AuthentikLoop(Deliveries deliveries, AuthentikMetrics metrics, CollectorSettings settings) {
        super(
                "events of authentik",
                settings.deliveries().interval(),
                endpoints(deliveries, metrics, settings.authentik()));
    }

    private static List<Endpoint> endpoints(
            Deliveries deliveries, AuthentikMetrics metrics, Authentik authentik) {
        var url = authentik.url();
        var token = authentik.token();
        if (url == null || token == null) {
            return List.of();
        }
        var requests =
                new Requests(
                        "authentik",
                        authentik.maxInFlight(),
                        authentik.timeout(),
                        UnaryOperator.identity());
        var client = new EventsClient(url, token, requests);
        var turns = new Turns(STATEMENTS);
        return List.of(new Endpoint(terms(authentik), client, deliveries, turns, metrics));
    }

    /** A try asks first, where there is a doubt, and then posts: two requests. */
    private static Terms terms(Authentik authentik) {
        return new Terms(
                Authentik.ENDPOINT,
                "authentik",
                authentik.maxInFlight(),
                authentik.timeout().multipliedBy(2),
                LONGEST_WAIT,
                authentik.settleAfter());
    }
}
