package nod.simulators.fault;

import java.util.Arrays;
import java.util.Optional;

/** A simulated provider. */
public enum Provider {
    FCM("fcm"),
    APNS("apns");

    private final String label;

    Provider(String label) {
        this.label = label;
    }

    /** As it is written in a path: {@code fcm}, {@code apns}. */
    public String label() {
        return label;
    }

    /** The provider of that label, or nothing. */
    public static Optional<Provider> of(String label) {
        return Arrays.stream(values()).filter(one -> one.label.equals(label)).findFirst();
    }
}
