package nod.gateway;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;

import org.jspecify.annotations.Nullable;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.net.InetAddress;
import java.net.URI;

/** A URL at which nobody listens in: https, or http that does not leave the machine. */
@Documented
@Target({ElementType.FIELD, ElementType.PARAMETER})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = SafeUrl.Validator.class)
@interface SafeUrl {

    String message() default
            "expected https://HOST/, or http:// on a loopback address, without query and fragment";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Says nothing of null: another constraint asks for a value. */
    final class Validator implements ConstraintValidator<SafeUrl, URI> {

        @Override
        public boolean isValid(@Nullable URI url, ConstraintValidatorContext context) {
            return url == null
                    || (url.getHost() != null
                            && url.getQuery() == null
                            && url.getFragment() == null
                            && isSafe(url.getScheme(), url.getHost()));
        }

        private static boolean isSafe(String scheme, String host) {
            return scheme.equals("https") || (scheme.equals("http") && isLoopback(host));
        }

        private static boolean isLoopback(String host) {
            return host.equals("localhost")
                    || (host.matches("[0-9.]+|\\[.*]")
                            && InetAddress.ofLiteral(host).isLoopbackAddress());
        }
    }
}
