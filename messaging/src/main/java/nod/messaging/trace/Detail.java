package nod.messaging.trace;

import io.opentelemetry.api.common.AttributeKey;

/**
 * All that a span may tell of its step, by the names of OpenTelemetry's conventions where they have
 * one. A detail that could be a token, a key, an item, a title or anything that somebody typed has
 * no place here.
 */
public enum Detail {
    /** The method of a request, where the API serves it. */
    METHOD("http.request.method"),
    /** The path of the API, with the names of its variables in the place of their values. */
    ROUTE("http.route"),
    /** The status of the answer. */
    STATUS("http.response.status_code"),
    /** The topic of the record that is worked on. */
    TOPIC("messaging.destination.name"),
    /** In which group. */
    GROUP("messaging.consumer.group.name"),
    /** The event's id. */
    EVENT("messaging.message.id"),
    /** The record's key: of a login, or of a device. Nobody works on those whose key is a user. */
    KEY("messaging.kafka.message.key"),
    /** The login. */
    LOGIN("login.id"),
    /** The provider that is asked to push. */
    PROVIDER("push.provider"),
    /** What it answered, in one word. */
    RESULT("push.result"),
    /** Which attempt it was, from 1. */
    ATTEMPT("push.attempt"),
    /** The name of a webhook in the configuration. */
    ENDPOINT("webhook.endpoint"),
    /** The class of an exception. */
    ERROR("error.type");

    private final AttributeKey<String> key;

    Detail(String name) {
        this.key = AttributeKey.stringKey(name);
    }

    AttributeKey<String> key() {
        return key;
    }
}
