package nod.collector;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;

import nod.collector.webhook.SigningKey;

import org.jspecify.annotations.Nullable;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A key that signs. */
@Documented
@Target(ElementType.TYPE_USE)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = UsableSigningKey.Validator.class)
@interface UsableSigningKey {

    String message() default
            "expected whsec_ and 24 to 64 bytes in base64, or whsk_ and an Ed25519 private key of"
                    + " 32 bytes, or of 64 with its public one, in base64";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Says nothing of null. */
    final class Validator implements ConstraintValidator<UsableSigningKey, SigningKey> {

        @Override
        public boolean isValid(@Nullable SigningKey key, ConstraintValidatorContext context) {
            return key == null || key.isUsable();
        }
    }
}
