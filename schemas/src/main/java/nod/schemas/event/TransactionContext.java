package nod.schemas.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

import org.jspecify.annotations.Nullable;

/**
 * What the user is shown about the request; every field may be absent.
 *
 * @param application the application's name, at most 255 characters
 * @param domain the domain of the sign-in page, at most 255 characters
 * @param clientIp the address of the browser, at most 45 characters
 * @param userAgent the browser's user agent, at most 512 characters
 * @param location where the address is thought to be, at most 255 characters
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TransactionContext(
        @Nullable String application,
        @Nullable String domain,
        @JsonProperty("client_ip") @Nullable String clientIp,
        @JsonProperty("user_agent") @Nullable String userAgent,
        @Nullable String location) {

    /** A context that says nothing. */
    public static final TransactionContext EMPTY =
            new TransactionContext(null, null, null, null, null);
}
