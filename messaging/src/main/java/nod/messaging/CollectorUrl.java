package nod.messaging;

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
import java.net.URI;
import java.util.Set;

/** Where a collector of spans listens. */
@Documented
@Target(ElementType.TYPE_USE)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = CollectorUrl.Validator.class)
@interface CollectorUrl {

    String message() default "expected http://HOST/... or https://HOST/..., without user and query";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Says nothing of null. */
    final class Validator implements ConstraintValidator<CollectorUrl, URI> {

        private static final Set<String> SCHEMES = Set.of("http", "https");

        @Override
        public boolean isValid(@Nullable URI url, ConstraintValidatorContext context) {
            return url == null || isUsable(url);
        }

        private static boolean isUsable(URI url) {
            return url.getScheme() != null
                    && SCHEMES.contains(url.getScheme())
                    && url.getHost() != null
                    && url.getRawUserInfo() == null
                    && url.getRawQuery() == null
                    && url.getRawFragment() == null;
        }
    }
}
