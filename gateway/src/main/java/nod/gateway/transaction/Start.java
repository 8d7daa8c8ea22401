package nod.gateway.transaction;

import nod.schemas.event.ItemMode;
import nod.schemas.event.TransactionContext;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * What a caller asks for.
 *
 * @param user whose devices are asked; null where {@code device} names one
 * @param device the one device that is asked; null where {@code user} names its owner
 * @param expiresIn seconds
 */
record Start(
        @Nullable String user,
        @Nullable UUID device,
        ItemMode mode,
        String title,
        String body,
        TransactionContext context,
        int expiresIn) {

    /** The request's meaning as bytes: two requests are the same if and only if these are. */
    byte[] meaning() {
        // Lengths keep neighbouring texts from running together.
        return String.join(
                        "\n",
                        measured(user),
                        measured(device),
                        mode.text(),
                        measured(title),
                        measured(body),
                        measured(context.application()),
                        measured(context.domain()),
                        measured(context.clientIp()),
                        measured(context.userAgent()),
                        measured(context.location()),
                        String.valueOf(expiresIn))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String measured(@Nullable Object value) {
        return value == null ? "-" : value.toString().length() + ":" + value;
    }
}
