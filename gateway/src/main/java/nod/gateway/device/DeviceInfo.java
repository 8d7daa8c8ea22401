package nod.gateway.device;

import com.fasterxml.jackson.annotation.JsonProperty;

import nod.gateway.web.Fields;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.Map;

/**
 * What a phone says of itself: authentik's MobileDeviceInfo.
 *
 * @param platform {@code ios}, {@code android} or {@code other}
 * @param others anything else, at most 16 KiB of JSON
 */
public record DeviceInfo(
        String platform,
        @JsonProperty("os_version") String osVersion,
        String model,
        String hostname,
        @JsonProperty("app_version") String appVersion,
        ObjectNode others) {

    /** What is shown of a device whose phone has not said anything yet. */
    static final DeviceInfo UNKNOWN =
            new DeviceInfo("other", "", "", "", "", JsonNodeFactory.instance.objectNode());

    private static final int MAX_OTHERS_BYTES = 16 * 1024;

    /** The contract sets no bound of its own; the body's bound applies. */
    private static final int MAX_TEXT = 64 * 1024;

    private static final Map<String, String> PLATFORMS =
            Map.of("ios", "ios", "android", "android", "other", "other");

    /** Reads the fields of a MobileDeviceInfoRequest; errors are collected in them. */
    public static DeviceInfo of(Fields fields) {
        return new DeviceInfo(
                fields.choice("platform", PLATFORMS, null),
                fields.text("os_version", MAX_TEXT),
                fields.text("model", MAX_TEXT),
                fields.text("hostname", MAX_TEXT),
                fields.text("app_version", MAX_TEXT),
                fields.json("others", MAX_OTHERS_BYTES));
    }
}
