package nod.gateway.device;

import com.fasterxml.jackson.annotation.JsonProperty;

/** A device as the API shows it: authentik's MobileDevice. */
public record MobileDevice(
        @JsonProperty("verbose_name") String verboseName,
        @JsonProperty("verbose_name_plural") String verboseNamePlural,
        @JsonProperty("meta_model_name") String metaModelName,
        String pk,
        String name,
        String type,
        boolean confirmed,
        @JsonProperty("last_checkin") DeviceInfo lastCheckin) {

    /** What the API shows of a device. */
    public static MobileDevice of(Device device) {
        return new MobileDevice(
                "Mobile Device",
                "Mobile Devices",
                "authentik_stages_authenticator_mobile.mobiledevice",
                device.pk().toString(),
                device.name(),
                "authentik_stages_authenticator_mobile.MobileDevice",
                device.confirmed(),
                device.info());
    }
}
