package nod.gateway.schema;

import nod.gateway.GatewaySettings;
import nod.gateway.security.Access;
import nod.gateway.web.Api;
import nod.gateway.web.Call;
import nod.gateway.web.Resource;

import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.server.ServerResponse;

import reactor.core.publisher.Mono;

import java.util.List;
import java.util.Map;

/** Serves the document, to anyone: it says nothing of the deployment. */
@Component
class SchemaApi implements Api {

    /** authentik's media types of its own document, in its order. */
    private static final List<MediaType> TYPES =
            List.of(
                    new MediaType("application", "vnd.oai.openapi"),
                    MediaType.APPLICATION_YAML,
                    new MediaType("application", "vnd.oai.openapi+json"),
                    MediaType.APPLICATION_JSON);

    private final ApiDocument document;

    SchemaApi(GatewaySettings settings) {
        this.document = ApiDocument.under(settings.publicUrl());
    }

    @Override
    public List<Resource> resources() {
        return List.of(
                new Resource(
                        "/schema/", Access.ANYONE, TYPES, Map.of(HttpMethod.GET, this::retrieve)));
    }

    private Mono<ServerResponse> retrieve(Call call) {
        var type = call.preferred(TYPES);
        return ServerResponse.ok()
                .contentType(type)
                .bodyValue(type.getSubtype().endsWith("json") ? document.json() : document.yaml());
    }
}
