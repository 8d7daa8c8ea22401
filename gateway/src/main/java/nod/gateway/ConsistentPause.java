package nod.gateway;

import static nod.gateway.Requirement.require;

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

/** Settings of pauses that make sense together. */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = ConsistentPause.Validator.class)
@interface ConsistentPause {

    String message() default "";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Names the property that is wrong. Says nothing of what is missing. */
    final class Validator implements ConstraintValidator<ConsistentPause, GatewaySettings.Pause> {

        @Override
        public boolean isValid(
                GatewaySettings.@Nullable Pause pause, ConstraintValidatorContext context) {
            context.disableDefaultConstraintViolation();
            return pause == null
                    || (require(
                                    pause.longest().compareTo(pause.first()) >= 0,
                                    context,
                                    "longest",
                                    "expected at least the time of first")
                            // Else a login would be forgotten while its pause still holds.
                            & require(
                                    pause.longest().compareTo(pause.forgottenAfter()) <= 0,
                                    context,
                                    "longest",
                                    "expected at most the time of forgotten-after"));
        }
    }
}
