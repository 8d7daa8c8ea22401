package nod.gateway.enrollment;

import com.fasterxml.jackson.annotation.JsonProperty;

import nod.gateway.device.MobileDevice;

import java.net.URI;
import java.time.Instant;
import java.util.UUID;

/** The answer that begins an enrolment: the contract's MobileEnrollment. */
record Enrollment(
        MobileDevice device,
        Payload payload,
        @JsonProperty("qr_code") String qrCode,
        Instant expires) {

    /**
     * What the QR code carries, as JSON text.
     *
     * @param u this server's public URL
     * @param s the device's pk
     * @param t the enrollment token
     */
    record Payload(URI u, UUID s, String t) {

        @Override
        public String toString() {
            return "Payload[u=" + u + ", s=" + s + ", t=[REDACTED]]";
        }
    }
}
