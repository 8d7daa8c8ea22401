package nod.gateway.security.jwt;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetParseException;
import com.nimbusds.jose.jwk.source.JWKSetRetrievalException;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.JSONObjectUtils;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.text.ParseException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import javax.net.ssl.SSLContext;

/**
 * Fetches the keys that the issuer publishes. Blocks the thread that asks, for {@link #TIMEOUT} at
 * most; follows no redirects.
 */
final class PublishedKeys implements JWKSetSource<SecurityContext> {

    private static final Logger log = LoggerFactory.getLogger(PublishedKeys.class);

    /** For the whole of a fetch, whatever it waits for. */
    static final Duration TIMEOUT = Duration.ofSeconds(3);

    /** A key with its certificates takes some 5 KiB. */
    static final int MAX_BYTES = 256 * 1024;

    private final URI uri;
    private final HttpClient client;

    PublishedKeys(URI uri, SSLContext tls, Executor threads) {
        this.uri = uri;
        this.client =
                HttpClient.newBuilder()
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(TIMEOUT)
                        .sslContext(tls)
                        .executor(threads)
                        .build();
    }

    /**
     * The keys as they are published now.
     *
     * @throws JWKSetRetrievalException and {@link JWKSetParseException} where the issuer can't be
     *     reached or doesn't answer as expected: an outage
     * @throws KeySourceException where it publishes no key: that is its word, and no outage
     */
    @Override
    public JWKSet getJWKSet(
            JWKSetCacheRefreshEvaluator evaluator,
            long currentTime,
            @Nullable SecurityContext context)
            throws KeySourceException {
        try {
            return keys(fetch());
        } catch (KeySourceException failure) {
            log.warn("The keys of JWTs can't be had from {}: {}", uri, failure.getMessage());
            throw failure;
        }
    }

    private String fetch() throws KeySourceException {
        var answer =
                client.sendAsync(
                        HttpRequest.newBuilder(uri).header("Accept", "application/json").build(),
                        BodyHandlers.limiting(BodyHandlers.ofString(), MAX_BYTES));
        try {
            return body(answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException failure) {
            throw new JWKSetRetrievalException(String.valueOf(failure.getCause()), failure);
        } catch (TimeoutException late) {
            throw new JWKSetRetrievalException("no whole answer within " + TIMEOUT, late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new JWKSetRetrievalException("interrupted", interrupted);
        } finally {
            answer.cancel(true);
        }
    }

    private static String body(HttpResponse<String> answer) throws KeySourceException {
        if (answer.statusCode() != 200) {
            throw new JWKSetRetrievalException(
                    "status " + answer.statusCode() + ", expected 200", null);
        }
        return answer.body();
    }

    /** authentik answers with an empty object where a provider has no signing key. */
    private static JWKSet keys(String body) throws KeySourceException {
        try {
            var json = JSONObjectUtils.parse(body);
            var keys = json.containsKey("keys") ? JWKSet.parse(json) : new JWKSet();
            if (keys.isEmpty()) {
                throw new KeySourceException("no key is published there");
            }
            return keys;
        } catch (ParseException malformed) {
            throw new JWKSetParseException(
                    "expected a JWK set: " + malformed.getMessage(), malformed);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
