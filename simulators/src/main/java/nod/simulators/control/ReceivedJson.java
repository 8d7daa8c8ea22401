package nod.simulators.control;

import nod.simulators.inbox.Received;
import nod.simulators.wire.Reaction;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/** Received messages as JSON; {@link ControlServer} describes the form. */
final class ReceivedJson {

    private ReceivedJson() {}

    static ArrayNode write(JsonMapper json, List<Received> messages) {
        ArrayNode all = json.createArrayNode();
        messages.forEach(message -> all.add(write(json, message)));
        return all;
    }

    private static ObjectNode write(JsonMapper json, Received message) {
        ObjectNode node = json.createObjectNode();
        node.put("sequence", message.sequence());
        node.put("received", message.received().toString());
        node.put("accepted", message.accepted());
        node.put("protocol", message.request().protocol());
        node.put("method", message.request().method());
        node.put("path", message.request().path());
        ObjectNode headers = node.putObject("headers");
        message.request().headers().forEach(headers::put);
        node.put("body", message.text());
        node.put("body_base64", Base64.getEncoder().encodeToString(message.request().body()));
        describe(node.putObject("answer"), message.reaction(), Duration.ZERO);
        return node;
    }

    private static void describe(ObjectNode node, Reaction reaction, Duration after) {
        switch (reaction) {
            case Reaction.Delayed(Duration by, Reaction then) ->
                    describe(node, then, after.plus(by));
            case Reaction.Answer answer -> {
                node.put("kind", "answered").put("delay", seconds(after));
                node.put("status", answer.status());
                ObjectNode headers = node.putObject("headers");
                answer.headers().forEach(headers::put);
                node.put("body", new String(answer.body(), StandardCharsets.UTF_8));
            }
            case Reaction.Closed() ->
                    node.put("kind", "connection_closed").put("delay", seconds(after));
            case Reaction.Silent() -> node.put("kind", "no_answer").put("delay", seconds(after));
        }
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
