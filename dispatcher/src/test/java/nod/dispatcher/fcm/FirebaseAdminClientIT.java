package nod.dispatcher.fcm;

import static org.assertj.core.api.Assertions.assertThat;

import nod.dispatcher.push.PushResult.TryAgain;

import org.junit.jupiter.api.Test;

import java.io.IOException;

class FirebaseAdminClientIT extends FcmSenderContract {

    @Override
    protected FcmSettings.Client client() {
        return FcmSettings.Client.FIREBASE_ADMIN;
    }

    /** The SDK does not tell the status of it. */
    @Test
    void anErrorThatTheSdkCanNotReadIsAnOutage() throws IOException {
        try (var fcm = OddFcm.at("localhost", OddFcm.text(400, UNREADABLE))) {
            assertThat(sendTo(fcm.uri())).isEqualTo(TryAgain.outage("unreadable_answer", null));
        }
    }
}
