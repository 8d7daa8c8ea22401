package nod.gateway.web;

import nod.gateway.security.CredentialFailure;
import nod.gateway.security.CredentialsUnavailable;
import nod.gateway.throttle.FailureThrottle;
import nod.messaging.consume.TransientFailures;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

import reactor.core.publisher.Mono;

import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Answers a request that failed. */
@Component
class Refusals {

    private static final Logger log = LoggerFactory.getLogger(Refusals.class);

    private final FailureThrottle throttle;
    private final Clock clock;

    Refusals(FailureThrottle throttle, Clock clock) {
        this.throttle = throttle;
        this.clock = clock;
    }

    Mono<ServerResponse> answer(ServerRequest request, Throwable failure) {
        return switch (failure) {
            case Refusal refusal -> answer(refusal);
            case CountedRefusal counted -> answer(throttled(request).orElse(counted.refusal()));
            case CredentialFailure refused -> answer(refusal(request, refused));
            case CredentialsUnavailable unknown ->
                    answer(
                            Refusal.unavailable(
                                    String.valueOf(unknown.getMessage()), unknown.retryAfter()));
            case Throwable passing when TransientFailures.isTransient(passing) -> {
                // A line each: in an outage there are as many as requests, and traces cost more
                // than the requests do.
                log.warn(
                        "{} {} can't be served for now: {}",
                        request.method(),
                        request.path(),
                        passing.toString());
                log.debug("Why it can't be served", passing);
                yield answer(Refusal.unavailable("The database can't be reached."));
            }
            default -> {
                log.error("{} {} failed", request.method(), request.path(), failure);
                yield ServerResponse.status(HttpStatus.INTERNAL_SERVER_ERROR)
                        .contentType(MediaType.APPLICATION_JSON)
                        .bodyValue(Map.of("detail", "Internal server error."));
            }
        };
    }

    /** A good credential that wants too much is no try at guessing one: it is never throttled. */
    private Refusal refusal(ServerRequest request, CredentialFailure failure) {
        var forbidden = Refusal.of(HttpStatus.FORBIDDEN, String.valueOf(failure.getMessage()));
        return failure.isOfAGoodCredential() ? forbidden : throttled(request).orElse(forbidden);
    }

    /** The refusal of one who failed too often; empty for one who may fail once more. */
    private Optional<Refusal> throttled(ServerRequest request) {
        return throttle.countFailure(request, device(request)).map(Refusal::throttled);
    }

    /** The device that the path names; null where it names none. */
    private static @Nullable UUID device(ServerRequest request) {
        try {
            var named = request.pathVariables().get("uuid");
            return named == null ? null : UUID.fromString(named);
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }

    /** With the time, by which a phone whose proofs are refused can set its clock right. */
    private Mono<ServerResponse> answer(Refusal refusal) {
        var response =
                ServerResponse.status(refusal.status())
                        .headers(headers -> headers.setDate(clock.millis()));
        var seconds = refusal.retryAfterSeconds();
        if (seconds != null) {
            response.header(HttpHeaders.RETRY_AFTER, "" + seconds);
        }
        if (refusal.closesTheConnection()) {
            response.header(HttpHeaders.CONNECTION, "close");
        }
        return response.contentType(MediaType.APPLICATION_JSON).bodyValue(refusal.body());
    }
}
