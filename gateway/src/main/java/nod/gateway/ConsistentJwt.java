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

/** Settings of JWTs that make sense together. */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = ConsistentJwt.Validator.class)
@interface ConsistentJwt {

    String message() default "";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};

    /** Names each property that is wrong. */
    final class Validator implements ConstraintValidator<ConsistentJwt, GatewaySettings.Jwt> {

        private static final String TOGETHER =
                ", as issuer, jwks-uri and audiences are given together or not at all";

        @Override
        public boolean isValid(
                GatewaySettings.@Nullable Jwt jwt, ConstraintValidatorContext context) {
            context.disableDefaultConstraintViolation();
            return jwt == null || (isWholeOrAbsent(jwt, context) & scopesDiffer(jwt, context));
        }

        private static boolean isWholeOrAbsent(
                GatewaySettings.Jwt jwt, ConstraintValidatorContext context) {
            var hasIssuer = jwt.issuer() != null && !jwt.issuer().isBlank();
            var hasKeys = jwt.jwksUri() != null;
            var hasAudiences = !jwt.audiences().isEmpty();
            if (jwt.issuer() == null && !hasKeys && !hasAudiences) {
                return true;
            }
            return require(hasIssuer, context, "issuer", "expected the iss of the JWTs" + TOGETHER)
                    & require(hasKeys, context, "jwksUri", "expected where its keys are" + TOGETHER)
                    & require(
                            hasAudiences,
                            context,
                            "audiences",
                            "expected an aud of the JWTs" + TOGETHER);
        }

        /** Else everybody whom authentik lets call its API would act for the deployment. */
        private static boolean scopesDiffer(
                GatewaySettings.Jwt jwt, ConstraintValidatorContext context) {
            return require(
                    !jwt.deploymentScope().equals(jwt.ownerScope()),
                    context,
                    "deploymentScope",
                    "expected another scope than owner-scope");
        }
    }
}
