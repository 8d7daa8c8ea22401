package nod.gateway.security;

/** Which credentials a resource takes. Every other good credential lacks the permission. */
public enum Access {
    /** None is asked for: what is served says nothing about the deployment. */
    ANYONE,
    /** Scheme {@code authentik}: an API key, or a JWT that acts for the deployment. */
    DEPLOYMENT,
    /**
     * Scheme {@code authentik}, a JWT that acts for one user included. Operations look at {@link
     * Reach} before they touch a device.
     */
    DEPLOYMENT_OR_OWNER,
    /** The device token of the device in the path. */
    DEVICE,
    /** The unspent enrollment token of the device in the path. */
    ENROLLMENT,
    /** The device token or, spent or not, the enrollment token of the device in the path. */
    DEVICE_OR_ENROLLMENT
}
