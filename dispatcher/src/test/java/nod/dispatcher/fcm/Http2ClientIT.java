package nod.dispatcher.fcm;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;

import nod.dispatcher.push.PushResult.Accepted;
import nod.dispatcher.push.PushResult.Rejected;
import nod.dispatcher.push.PushResult.TryAgain;
import nod.simulators.fault.Fault;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import java.io.IOException;

@ExtendWith(OutputCaptureExtension.class)
class Http2ClientIT extends FcmSenderContract {

    @Override
    protected FcmSettings.Client client() {
        return FcmSettings.Client.HTTP2;
    }

    @Test
    void anErrorThatIsNoneOfGooglesIsJudgedByItsStatus() throws IOException {
        try (var fcm = OddFcm.at("localhost", OddFcm.text(400, UNREADABLE))) {
            assertThat(sendTo(fcm.uri())).isEqualTo(Rejected.push("http_400"));
        }
    }

    @Test
    void neitherKeysNorTokensAreLoggedWhateverTheLevel(CapturedOutput output) {
        var address = freshAddress();
        var root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        var before = root.getLevel();
        root.setLevel(Level.TRACE);
        try {
            assertThat(send(address)).isInstanceOf(Accepted.class);
            simulators().faults().set(provider(), address.key(), new Fault.ConnectionClosed(), 1);
            assertThat(send(address)).isInstanceOf(TryAgain.class);
        } finally {
            root.setLevel(before);
        }
        var push = simulators().inbox(provider()).received(address.key()).getFirst().request();
        assertThat(output.getAll())
                .contains("r.netty", "FCM could not be asked")
                .doesNotContain(address.key())
                .doesNotContainIgnoringCase(String.valueOf(push.header("authorization")));
    }
}
