package nod.collector;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;

import nod.collector.CollectorSettings.Authentik;

import org.jspecify.annotations.Nullable;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.net.URI;

/** An authentik with a token that nobody overhears; or none at all. */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = SafeAuthentik.Validator.class)
@interface SafeAuthentik {

    String message() default "";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Names each property that is wrong. */
    final class Validator implements ConstraintValidator<SafeAuthentik, Authentik> {

        private static final String URL =
                "expected https://HOST, or http:// on a loopback address, without user, query and"
                        + " fragment";

        private static final String TOKEN = "expected a token of authentik's API, as it shows it";

        @Override
        public boolean isValid(@Nullable Authentik settings, ConstraintValidatorContext context) {
            context.disableDefaultConstraintViolation();
            if (settings == null || (settings.url() == null && settings.token() == null)) {
                return true;
            }
            var url = settings.url();
            var token = settings.token();
            return Requirement.require(url != null && isSafe(url), context, "url", URL)
                    & Requirement.require(
                            token != null && token.isUsable(), context, "token", TOKEN);
        }

        private static boolean isSafe(URI url) {
            return url.getHost() != null
                    && url.getUserInfo() == null
                    && url.getQuery() == null
                    && url.getFragment() == null
                    && ("https".equals(url.getScheme())
                            || ("http".equals(url.getScheme()) && Hosts.isLoopback(url.getHost())));
        }
    }
}
