package nod.collector;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;

import nod.collector.CollectorSettings.Webhook;
import nod.schemas.event.TransactionStatus;

import org.jspecify.annotations.Nullable;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.net.URI;

/** An endpoint to which nobody listens in, and whose filter makes sense. */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = SafeWebhook.Validator.class)
@interface SafeWebhook {

    String message() default "";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Names each property that is wrong. */
    final class Validator implements ConstraintValidator<SafeWebhook, Webhook> {

        private static final String URL =
                "expected https://HOST/..., without user and fragment; http:// only on a loopback"
                        + " address and with allow-private-addresses";

        @Override
        public boolean isValid(@Nullable Webhook webhook, ConstraintValidatorContext context) {
            context.disableDefaultConstraintViolation();
            return webhook == null || (hasSafeUrl(webhook, context) & canMatch(webhook, context));
        }

        private static boolean hasSafeUrl(Webhook webhook, ConstraintValidatorContext context) {
            var url = webhook.url();
            return Requirement.require(url == null || isSafe(url, webhook), context, "url", URL);
        }

        private static boolean isSafe(URI url, Webhook webhook) {
            if (url.getHost() == null || url.getUserInfo() != null || url.getFragment() != null) {
                return false;
            }
            return "https".equals(url.getScheme())
                    || ("http".equals(url.getScheme())
                            && webhook.allowPrivateAddresses()
                            && Hosts.isLoopback(url.getHost()));
        }

        private static boolean canMatch(Webhook webhook, ConstraintValidatorContext context) {
            return Requirement.require(
                    !webhook.statuses().contains(TransactionStatus.WAIT),
                    context,
                    "statuses",
                    "expected statuses of outcomes, and wait is none");
        }
    }
}
