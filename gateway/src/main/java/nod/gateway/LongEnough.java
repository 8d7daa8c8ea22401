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

/** A secret that nobody guesses. */
@Documented
@Target(ElementType.TYPE_USE)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = LongEnough.Validator.class)
@interface LongEnough {

    String message() default "expected at least 32 bytes";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Counts bytes of UTF-8. */
    final class Validator implements ConstraintValidator<LongEnough, Secret> {

        /** 32 random bytes written as text are longer; what is shorter was made up by hand. */
        private static final int MIN_BYTES = 32;

        @Override
        public boolean isValid(@Nullable Secret secret, ConstraintValidatorContext context) {
            return secret == null || secret.length() >= MIN_BYTES;
        }
    }
}
