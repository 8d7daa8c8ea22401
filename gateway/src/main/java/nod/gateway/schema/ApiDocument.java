package nod.gateway.schema;

import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

import tools.jackson.databind.json.JsonMapper;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The OpenAPI document of the whole API: authentik's contract, what Nod adds, and this description
 * itself. It needs no other document.
 *
 * @param yaml the document as YAML
 * @param json the same as JSON
 */
public record ApiDocument(String yaml, String json) {

    /** The path of the API below the public URL. */
    private static final String BASE = "api/v3/";

    /**
     * The document of a gateway that is reached under that URL.
     *
     * @param publicUrl ends in a slash
     */
    public static ApiDocument under(URI publicUrl) {
        var served = OpenApiFile.read("served");
        var contract = OpenApiFile.read("authentik-mobile");
        var extensions = OpenApiFile.read("gateway-extensions");
        var document = new LinkedHashMap<String, Object>();
        document.put("openapi", contract.part("openapi"));
        document.put("info", info(served, contract, extensions));
        document.put("servers", List.of(Map.of("url", publicUrl.getPath() + BASE)));
        document.put("tags", served.part("tags"));
        document.put("paths", merged("paths", contract, extensions, served));
        document.put("components", merged("components", contract, extensions));
        return new ApiDocument(yaml(document), JsonMapper.shared().writeValueAsString(document));
    }

    private static Map<String, Object> info(
            OpenApiFile served, OpenApiFile contract, OpenApiFile extensions) {
        var info = new LinkedHashMap<>(served.object("info"));
        info.put("version", contract.version() + "+nod." + extensions.version());
        return info;
    }

    private static Map<String, Object> merged(String part, OpenApiFile... files) {
        var merged = new LinkedHashMap<String, Object>();
        for (var file : files) {
            Merger.merge(merged, file.object(part));
        }
        return merged;
    }

    private static String yaml(Map<String, Object> document) {
        var options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setWidth(100);
        options.setDereferenceAliases(true);
        return new Yaml(options).dump(document);
    }
}
