package nod.gateway;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;

import nod.gateway.throttle.AddressBlock;

import org.jspecify.annotations.Nullable;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A block of addresses in CIDR notation, and not all that there are. */
@Documented
@Target(ElementType.TYPE_USE)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = NetworkBlock.Validator.class)
@interface NetworkBlock {

    String message() default
            "expected the first address of a network and its bits, such as 10.0.0.0/8,"
                    + " 192.0.2.7/32 or 2001:db8::/32, at least 1";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Says nothing of null. */
    final class Validator implements ConstraintValidator<NetworkBlock, String> {

        @Override
        public boolean isValid(@Nullable String block, ConstraintValidatorContext context) {
            return block == null || AddressBlock.parse(block).isPresent();
        }
    }
}
