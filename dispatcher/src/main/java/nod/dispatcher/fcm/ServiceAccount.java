package nod.dispatcher.fcm;

import com.google.api.client.http.HttpTransport;
import com.google.auth.oauth2.ServiceAccountCredentials;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file of a Google service account. */
final class ServiceAccount {

    private ServiceAccount() {}

    /**
     * Its credentials, which do not try again on their own.
     *
     * @param transport by which access tokens are fetched
     * @throws IOException when the file isn't a service account's
     */
    static ServiceAccountCredentials credentials(Path file, HttpTransport transport)
            throws IOException {
        try (var json = Files.newInputStream(file)) {
            var account = ServiceAccountCredentials.fromStream(json, () -> transport);
            if (account.getProjectId() == null) {
                // It would be missed at the first push only.
                throw new IOException("no project_id in " + file);
            }
            return account.createWithCustomRetryStrategy(false);
        }
    }
}
