package nod.simulators.fcm;

import nod.simulators.fault.FcmErrorCode;
import nod.simulators.wire.Reaction;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** FCM's bodies: a name, or a google.rpc.Status. */
final class FcmAnswers {

    private static final String TYPES = "type.googleapis.com/";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private FcmAnswers() {}

    /** A field that is wrong, and why. */
    record Violation(String field, String description) {}

    static Reaction.Answer success(String name) {
        ObjectNode json = JSON.createObjectNode().put("name", name);
        return Reaction.Answer.json(
                200, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json));
    }

    static Reaction.Answer error(FcmErrorCode code) {
        return status(code.httpStatus(), code.message(), code.status(), List.of(fcmError(code)));
    }

    static Reaction.Answer invalid(Violation violation) {
        FcmErrorCode code = FcmErrorCode.INVALID_ARGUMENT;
        return status(
                code.httpStatus(),
                violation.description(),
                code.status(),
                List.of(fcmError(code), badRequest(violation)));
    }

    static Reaction.Answer credentialsMissing() {
        return unauthenticated(
                "Request is missing required authentication credential.",
                "CREDENTIALS_MISSING",
                "Bearer realm=\"https://accounts.google.com/\"");
    }

    static Reaction.Answer credentialsInvalid() {
        return unauthenticated(
                "Request had invalid authentication credentials.",
                "ACCESS_TOKEN_TYPE_UNSUPPORTED",
                "Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\"");
    }

    static Reaction.Answer scopeInsufficient() {
        return status(
                403,
                "Request had insufficient authentication scopes.",
                "PERMISSION_DENIED",
                List.of(errorInfo("ACCESS_TOKEN_SCOPE_INSUFFICIENT")));
    }

    static Reaction.Answer foreignProject(String project) {
        return status(
                403,
                "Permission 'cloudmessaging.messages.create' denied on resource"
                        + " '//cloudresourcemanager.googleapis.com/projects/%s' (or it may not"
                                .formatted(project)
                        + " exist).",
                "PERMISSION_DENIED",
                List.of(errorInfo("IAM_PERMISSION_DENIED")));
    }

    static Reaction.Answer serverError(int httpStatus) {
        return switch (httpStatus) {
            case 500 -> error(FcmErrorCode.INTERNAL);
            case 503 -> error(FcmErrorCode.UNAVAILABLE);
            default -> status(httpStatus, "Server error.", "UNKNOWN", List.of());
        };
    }

    /** What Google's front end says of a path that nothing serves. */
    static Reaction.Answer notFound(String path) {
        return status(404, "Not found: " + path, "NOT_FOUND", List.of());
    }

    private static Reaction.Answer unauthenticated(
            String message, String reason, String challenge) {
        return status(401, message, "UNAUTHENTICATED", List.of(errorInfo(reason)))
                .with("www-authenticate", challenge);
    }

    private static Reaction.Answer status(
            int httpStatus, String message, String status, List<ObjectNode> details) {
        ObjectNode body = JSON.createObjectNode();
        ObjectNode error = body.putObject("error");
        error.put("code", httpStatus);
        error.put("message", message);
        error.put("status", status);
        if (!details.isEmpty()) {
            ArrayNode all = error.putArray("details");
            details.forEach(all::add);
        }
        return Reaction.Answer.json(
                httpStatus, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(body));
    }

    private static ObjectNode fcmError(FcmErrorCode code) {
        return JSON.createObjectNode()
                .put("@type", TYPES + "google.firebase.fcm.v1.FcmError")
                .put("errorCode", code.name());
    }

    private static ObjectNode badRequest(Violation violation) {
        ObjectNode detail = JSON.createObjectNode().put("@type", TYPES + "google.rpc.BadRequest");
        detail.putArray("fieldViolations")
                .addObject()
                .put("field", violation.field())
                .put("description", violation.description());
        return detail;
    }

    private static ObjectNode errorInfo(String reason) {
        ObjectNode detail =
                JSON.createObjectNode()
                        .put("@type", TYPES + "google.rpc.ErrorInfo")
                        .put("reason", reason)
                        .put("domain", "googleapis.com");
        detail.putObject("metadata")
                .put("service", "fcm.googleapis.com")
                .put("method", "google.firebase.fcm.v1.FcmService.SendMessage");
        return detail;
    }
}
