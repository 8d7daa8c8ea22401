package nod.simulators.fault;

/** FCM's error codes, each with the HTTP status and the canonical status that carry it. */
public enum FcmErrorCode {
    UNSPECIFIED_ERROR(500, "UNKNOWN", "Unknown error."),
    INVALID_ARGUMENT(400, "INVALID_ARGUMENT", "Request contains an invalid argument."),
    UNREGISTERED(404, "NOT_FOUND", "Requested entity was not found."),
    SENDER_ID_MISMATCH(403, "PERMISSION_DENIED", "SenderId mismatch"),
    QUOTA_EXCEEDED(429, "RESOURCE_EXHAUSTED", "Quota exceeded."),
    UNAVAILABLE(503, "UNAVAILABLE", "The service is currently unavailable."),
    INTERNAL(500, "INTERNAL", "Internal error encountered."),
    THIRD_PARTY_AUTH_ERROR(401, "UNAUTHENTICATED", "Auth error from APNS or Web Push Service");

    private final int httpStatus;
    private final String status;
    private final String message;

    FcmErrorCode(int httpStatus, String status, String message) {
        this.httpStatus = httpStatus;
        this.status = status;
        this.message = message;
    }

    /** The HTTP status that FCM answers with. */
    public int httpStatus() {
        return httpStatus;
    }

    /** The {@code status} of the body: the name of a google.rpc.Code. */
    public String status() {
        return status;
    }

    /** The {@code message} of the body. */
    public String message() {
        return message;
    }
}
