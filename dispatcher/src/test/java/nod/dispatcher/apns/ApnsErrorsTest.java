package nod.dispatcher.apns;

import static org.assertj.core.api.Assertions.assertThat;

import nod.dispatcher.push.PushResult.CredentialsRefused;
import nod.dispatcher.push.PushResult.Rejected;
import nod.dispatcher.push.PushResult.TryAgain;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;

class ApnsErrorsTest {

    private static final Instant SINCE = Instant.parse("2026-02-03T04:05:06Z");

    @ParameterizedTest
    @CsvSource({"410,Unregistered", "410,ExpiredToken", "410,SomethingNew"})
    void gonePhonesHaveDeadKeysSinceThen(int status, String reason) {
        assertThat(ApnsErrors.resultOf(status, reason, SINCE))
                .isEqualTo(Rejected.key(reason, SINCE));
    }

    @ParameterizedTest
    @CsvSource({
        "400,BadDeviceToken",
        "400,DeviceTokenNotForTopic",
        "400,PayloadEmpty",
        "400,BadTopic",
        "413,PayloadTooLarge",
        "404,BadPath",
        "400,SomethingNew"
    })
    void otherRefusalsLeaveTheKeyAlone(int status, String reason) {
        assertThat(ApnsErrors.resultOf(status, reason, null)).isEqualTo(Rejected.push(reason));
    }

    @ParameterizedTest
    @CsvSource({
        "403,ExpiredProviderToken",
        "403,InvalidProviderToken",
        "403,MissingProviderToken",
        "403,BadCertificateEnvironment",
        "403,UnrelatedKeyIdInToken",
        "403,Forbidden",
        "403,SomethingNew"
    })
    void refusedCredentialsAreTheOperatorsTrouble(int status, String reason) {
        assertThat(ApnsErrors.resultOf(status, reason, null))
                .isEqualTo(new CredentialsRefused(reason, true));
    }

    @ParameterizedTest
    @CsvSource({
        "500,InternalServerError",
        "503,ServiceUnavailable",
        "503,Shutdown",
        "429,TooManyProviderTokenUpdates",
        "502,SomethingNew"
    })
    void itsOwnFailuresAreOutages(int status, String reason) {
        assertThat(ApnsErrors.resultOf(status, reason, null))
                .isEqualTo(TryAgain.outage(reason, null));
    }

    @Test
    void tooManyRequestsAreAboutOnePhone() {
        assertThat(ApnsErrors.resultOf(429, "TooManyRequests", null))
                .isEqualTo(TryAgain.patience("TooManyRequests", null));
    }

    @Test
    void anAnswerWithoutAReasonIsJudgedByItsStatus() {
        assertThat(ApnsErrors.resultOf(502, null, null))
                .isEqualTo(TryAgain.outage("http_502", null));
        assertThat(ApnsErrors.resultOf(400, null, null)).isEqualTo(Rejected.push("http_400"));
    }
}
