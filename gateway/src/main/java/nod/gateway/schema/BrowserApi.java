package nod.gateway.schema;

import nod.gateway.security.Access;
import nod.gateway.web.Api;
import nod.gateway.web.Operation;
import nod.gateway.web.Resource;

import org.springframework.http.CacheControl;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerResponse;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Serves the page on which a person reads the API and tries it, where authentik has its own. All of
 * it comes from this gateway, and it speaks to this gateway alone.
 */
@Component
class BrowserApi implements Api {

    /** Nothing but this origin's own files; the pictures that Swagger UI's style sheet embeds. */
    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none';"
                    + " frame-ancestors 'none'";

    private static final MediaType JAVASCRIPT = new MediaType("text", "javascript");
    private static final MediaType CSS = new MediaType("text", "css");

    /** The files change only with a new version of the gateway. */
    private static final CacheControl CACHED = CacheControl.maxAge(Duration.ofHours(1));

    @Override
    public List<Resource> resources() {
        var swaggerUi = WebJar.named("swagger-ui");
        return List.of(
                file("/", MediaType.TEXT_HTML, WebJar.own("browser.html")),
                file("/browser/browser.css", CSS, WebJar.own("browser.css")),
                file("/browser/browser.js", JAVASCRIPT, WebJar.own("browser.js")),
                file("/browser/swagger-ui.css", CSS, swaggerUi.file("swagger-ui.css")),
                file("/browser/swagger-ui.js", JAVASCRIPT, swaggerUi.file("swagger-ui-bundle.js")),
                file(
                        "/browser/icon.png",
                        MediaType.IMAGE_PNG,
                        swaggerUi.file("favicon-32x32.png")));
    }

    private static Resource file(String path, MediaType type, byte[] content) {
        Operation operation =
                _ ->
                        ServerResponse.ok()
                                .contentType(type)
                                .cacheControl(CACHED)
                                .header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
                                .header("Referrer-Policy", "no-referrer")
                                .header("X-Content-Type-Options", "nosniff")
                                .bodyValue(content);
        return new Resource(path, Access.ANYONE, List.of(type), Map.of(HttpMethod.GET, operation));
    }
}
