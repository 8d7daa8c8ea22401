package nod.dispatcher.push;

import static org.assertj.core.api.Assertions.assertThat;

import nod.dispatcher.push.PushAddress.ApnsDeviceToken;
import nod.dispatcher.push.PushAddress.FcmRegistrationToken;
import nod.dispatcher.push.PushAddress.FirebaseInstallationId;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PushAddressTest {

    private static final String INSTALLATION = "cRyOuz6HT9q0iuK3xj_-rb";

    @ParameterizedTest
    @ValueSource(ints = {64, 65, 128, 200})
    void hexadecimalDigitsOfAnIosPhoneAreADeviceToken(int length) {
        assertThat(PushAddress.of("aF".repeat(100).substring(0, length), "ios"))
                .isInstanceOf(ApnsDeviceToken.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 63, 201, 400})
    void tooFewOrTooManyDigitsAreNot(int length) {
        assertThat(PushAddress.of("0".repeat(length), "ios"))
                .isInstanceOf(FcmRegistrationToken.class);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {"android", "other", "none", "IOS"})
    void theSameDigitsOfAnotherPlatformAreFcms(@Nullable String platform) {
        assertThat(PushAddress.of("0".repeat(64), platform))
                .isInstanceOf(FcmRegistrationToken.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ios", "android", "other"})
    void twentyTwoCharactersAsFirebaseMakesThemAreAnInstallationId(String platform) {
        assertThat(PushAddress.of(INSTALLATION, platform))
                .isInstanceOf(FirebaseInstallationId.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "aRyOuz6HT9q0iuK3xj_-rb",
                "cRyOuz6HT9q0iuK3xj_-r",
                "cRyOuz6HT9q0iuK3xj_-rbx",
                "cRyOuz6HT9q0iuK3xj_:rb",
                INSTALLATION + ":APA91bHPRgkF3JUikC4ENAHEeMrd41Zxv3hVZjC9KtT8OvPVGJ-hQMRKRrZuJAEcl7"
            })
    void everythingElseIsARegistrationToken(String key) {
        assertThat(PushAddress.of(key, "android")).isInstanceOf(FcmRegistrationToken.class);
    }

    @Test
    void neverPrintsTheKey() {
        assertThat(PushAddress.of("0".repeat(64), "ios").toString()).doesNotContain("000");
        assertThat(PushAddress.of(INSTALLATION, "ios").toString()).doesNotContain(INSTALLATION);
        assertThat(PushAddress.of("token", "ios").toString()).doesNotContain("token");
    }
}
