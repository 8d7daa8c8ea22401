package nod.gateway;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;

import nod.gateway.security.Secret;

import org.jspecify.annotations.Nullable;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** An API key that nobody guesses, or the hash of one. */
@Documented
@Target(ElementType.TYPE_USE)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = UsableKey.Validator.class)
@interface UsableKey {

    String message() default "expected at least 32 bytes, or sha256: and 64 hexadecimal digits";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Says nothing of null. */
    final class Validator implements ConstraintValidator<UsableKey, Secret> {

        @Override
        public boolean isValid(@Nullable Secret secret, ConstraintValidatorContext context) {
            return secret == null || secret.isUsable();
        }
    }
}
