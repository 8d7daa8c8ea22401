package nod.simulators.phone;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A login that the user is asked about.
 *
 * @param mode {@code accept_deny}, {@code number_matching_2}, {@code number_matching_3} or {@code
 *     number_entry_6}
 * @param items what may be answered, in the order shown; empty for {@code number_entry_6}
 * @param context what is known about the login; fields may be missing
 */
public record Prompt(
        UUID txId,
        UUID device,
        String title,
        String body,
        String mode,
        List<String> items,
        Map<String, String> context,
        Instant expires) {}
