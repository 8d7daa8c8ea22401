package nod.benchmarks.login;

import java.util.Map;

/** A phone's answer as it goes over the wire. Its headers hold a token: it never prints them. */
public record Answer(String path, Map<String, String> headers, String body) {

    @Override
    public String toString() {
        return "Answer[" + path + "]";
    }
}
