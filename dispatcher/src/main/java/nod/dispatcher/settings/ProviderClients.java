package nod.dispatcher.settings;

import nod.dispatcher.apns.ApnsSender;
import nod.dispatcher.fcm.FcmSender;
import nod.dispatcher.push.PromptSealing;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.Clock;

/**
 * The clients of the providers, closed together.
 *
 * @param fcm null where it is not configured
 * @param apns null where it is not configured
 */
record ProviderClients(@Nullable FcmSender fcm, @Nullable ApnsSender apns)
        implements AutoCloseable {

    /**
     * Reads the credentials; connects to nobody yet.
     *
     * @throws InvalidSettingException when a setting is wrong
     */
    static ProviderClients of(DispatcherSettings settings, PromptSealing sealing, Clock clock) {
        return new ProviderClients(
                settings.fcm().sender(sealing, clock).orElse(null),
                settings.apns().sender(sealing).orElse(null));
    }

    @Override
    public void close() throws IOException {
        if (apns != null) {
            apns.close();
        }
        if (fcm != null) {
            fcm.close();
        }
    }
}
