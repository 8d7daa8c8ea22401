package nod.gateway.security;

/** Which credentials a resource takes. */
public enum Access {
    /** None is asked for: what is served says nothing about the deployment. */
    ANYONE,
    /** Scheme {@code authentik}: an API key of the deployment. */
    AUTHENTIK,
    /** The device token of the device in the path. */
    DEVICE,
    /** The unspent enrollment token of the device in the path. */
    ENROLLMENT,
    /** The device token or, spent or not, the enrollment token of the device in the path. */
    DEVICE_OR_ENROLLMENT
}
