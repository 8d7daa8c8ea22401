package nod.standalone.integrations;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** authentik's side of the policies, in a Python of its own: {@code policy_stand_in.py}. */
final class PolicyStandIn implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Path SCRIPT = Path.of("src/test/resources/authentik/policy_stand_in.py");

    private final Process python;
    private final BufferedWriter requests;
    private final BufferedReader answers;

    /** Compiles the expressions; one that is no Python fails here. */
    PolicyStandIn(Map<String, String> expressions) {
        try {
            var builder = new ProcessBuilder("python3", SCRIPT.toString());
            builder.redirectError(ProcessBuilder.Redirect.INHERIT);
            builder.environment().put("NO_PROXY", "*");
            python = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        requests = python.outputWriter();
        answers = python.inputReader();
        call("define", Map.of("named", expressions));
    }

    /** What a policy said. */
    record Verdict(JsonNode json) {

        /** Only {@code true}: an exception is none. */
        boolean passed() {
            return json.path("passed").asBoolean();
        }

        boolean raised() {
            return !json.path("error").isNull();
        }

        String message() {
            return json.path("messages").path(0).asString("");
        }

        String txId() {
            return json.path("nod").path("tx_id").asString("");
        }

        /** What the page shows as the number. */
        String shown() {
            return json.path("shown").asString("");
        }
    }

    /**
     * A run of a policy.
     *
     * @param plan the login it is part of, whose plan goes on from run to run
     * @param user the pending user; null: none
     * @param requestUser the user that the policy is asked about
     * @param prompt whether it validates a prompt
     * @param later by how many seconds authentik's clock is ahead
     * @param unset variables of the environment that are missing
     */
    record Run(
            String plan,
            @Nullable Integer user,
            @Nullable Integer requestUser,
            boolean prompt,
            int later,
            List<String> unset) {

        static Run of(String plan, int user) {
            return new Run(plan, user, user, false, 0, List.of());
        }

        Run validating() {
            return new Run(plan, user, requestUser, true, later, unset);
        }

        Run later(int seconds) {
            return new Run(plan, user, requestUser, prompt, seconds, unset);
        }

        Run without(String variable) {
            return new Run(plan, user, requestUser, prompt, later, List.of(variable));
        }
    }

    Verdict run(String policy, Run run) {
        var arguments = new HashMap<String, @Nullable Object>();
        arguments.put("policy", policy);
        arguments.put("plan", run.plan);
        arguments.put("user", run.user);
        arguments.put("request_user", run.requestUser);
        arguments.put("prompt", run.prompt);
        arguments.put("later", run.later);
        arguments.put("unset", run.unset);
        return new Verdict(call("run", arguments));
    }

    void environment(String url, String apiKey) {
        call("environment", Map.of("values", Map.of("NOD_URL", url, "NOD_API_KEY", apiKey)));
    }

    /** Changes what the plan remembers of Nod. */
    void put(String plan, String field, String value) {
        call("change", Map.of("plan", plan, "put", Map.of(field, value), "drop", List.of()));
    }

    void drop(String plan, String... fields) {
        call("change", Map.of("plan", plan, "put", Map.of(), "drop", List.of(fields)));
    }

    void copy(String plan, String to) {
        call("copy", Map.of("source", plan, "target", to));
    }

    /** The value of a webhook's mapping for that event. */
    JsonNode map(String expression, Map<String, ?> event) {
        return call("map", Map.of("expression", expression, "event", event)).path("value");
    }

    private JsonNode call(String operation, Map<String, ? extends @Nullable Object> arguments) {
        var request = new HashMap<String, @Nullable Object>(arguments);
        request.put("do", operation);
        try {
            requests.write(JSON.writeValueAsString(request));
            requests.newLine();
            requests.flush();
            var line = answers.readLine();
            if (line == null) {
                throw new AssertionError(operation + ": Python has ended, see its errors above");
            }
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        python.destroy();
    }
}
