package nod.collector.webhook;

import nod.collector.delivery.DeliveryFixture;
import nod.schemas.event.ConsumerGroup;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** Response collectors with webhooks, and outcomes for them to tell. */
final class WebhookFixture extends DeliveryFixture {

    static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    /** What an endpoint on this machine needs, or what is given in its place. */
    static List<String> endpoint(String name, String url, String... more) {
        var settings = new LinkedHashMap<String, String>();
        settings.put("url", url);
        settings.put("secrets", SECRET);
        settings.put("allow-private-addresses", "true");
        for (var setting : more) {
            var at = setting.indexOf('=');
            settings.put(setting.substring(0, at), setting.substring(at + 1));
        }
        return settings.entrySet().stream()
                .map(one -> "--nod.response-collector.webhooks." + name + "." + one)
                .toList();
    }

    void awaitNoLag() {
        awaitNoLag(ConsumerGroup.RESPONSE_COLLECTOR_WEBHOOKS);
    }

    /** Runs the command as an operator does; what it said, after its exit status. */
    String command(List<String> settings, String... words) {
        var arguments = new ArrayList<String>();
        arguments.add("webhooks");
        arguments.addAll(List.of(words));
        arguments.addAll(settings);
        arguments.addAll(database());
        var said = new ByteArrayOutputStream();
        var stream = new PrintStream(said, true, StandardCharsets.UTF_8);
        var status = WebhooksMain.run(stream, stream, arguments.toArray(String[]::new));
        return status + " " + said.toString(StandardCharsets.UTF_8);
    }
}
