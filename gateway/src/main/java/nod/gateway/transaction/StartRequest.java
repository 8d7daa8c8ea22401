package nod.gateway.transaction;

import nod.gateway.web.Fields;
import nod.schemas.event.ItemMode;
import nod.schemas.event.TransactionContext;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Reads a MobileTransactionRequest. */
final class StartRequest {

    private static final String DEFAULT_TITLE = "Sign-in request";
    private static final int MIN_SECONDS = 10;
    private static final int MAX_SECONDS = 600;
    private static final int DEFAULT_SECONDS = 60;

    private StartRequest() {}

    /**
     * The start that a body asks for; refuses the request if it asks for none.
     *
     * @param allowed the modes that this deployment allows
     */
    static Start of(Fields body, Set<ItemMode> allowed) {
        var user = body.optionalText("user", 255);
        var device = body.optionalUuid("device");
        if (body.has("user") == body.has("device")) {
            body.error("non_field_errors", "Exactly one of user and device is required.");
        }
        var mode = body.choice("item_matching_mode", modes(allowed), defaultMode(allowed));
        var title = body.optionalText("title", 255);
        var text = body.optionalText("body", 1024);
        var context = context(body.optionalObject("context"));
        var seconds = body.integer("expires_in", MIN_SECONDS, MAX_SECONDS, DEFAULT_SECONDS);
        body.check();
        return new Start(
                user,
                device,
                mode,
                title == null ? DEFAULT_TITLE : title,
                text == null ? defaultBody(context) : text,
                context,
                seconds);
    }

    private static Map<String, ItemMode> modes(Set<ItemMode> allowed) {
        var modes = new LinkedHashMap<String, ItemMode>();
        allowed.forEach(mode -> modes.put(mode.text(), mode));
        return modes;
    }

    /** The contract's default, or another mode where a deployment does not allow that one. */
    private static ItemMode defaultMode(Set<ItemMode> allowed) {
        return allowed.contains(ItemMode.NUMBER_MATCHING_3)
                ? ItemMode.NUMBER_MATCHING_3
                : allowed.iterator().next();
    }

    private static TransactionContext context(@Nullable Fields fields) {
        return fields == null
                ? TransactionContext.EMPTY
                : new TransactionContext(
                        fields.laxText("application", 255),
                        fields.laxText("domain", 255),
                        fields.laxText("client_ip", 45),
                        fields.laxText("user_agent", 512),
                        fields.laxText("location", 255));
    }

    private static String defaultBody(TransactionContext context) {
        var place = context.application() != null ? context.application() : context.domain();
        return place == null ? "Approve the sign-in?" : "Approve the sign-in to " + place + "?";
    }
}
