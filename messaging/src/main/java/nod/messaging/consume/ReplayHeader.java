package nod.messaging.consume;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

import java.nio.charset.StandardCharsets;

/** Names the one group that a replayed record is for; to all others it is nothing new. */
public final class ReplayHeader {

    /** The header's key; its value is the group's id. */
    public static final String NAME = "nod_replay-for";

    private ReplayHeader() {}

    /** Says whom the record is for, and no longer for whom it was. */
    public static void set(Headers headers, String group) {
        headers.remove(NAME);
        headers.add(NAME, group.getBytes(StandardCharsets.UTF_8));
    }

    static boolean isReplay(ConsumerRecord<?, ?> record) {
        return record.headers().lastHeader(NAME) != null;
    }

    static boolean isForOthersThan(String group, ConsumerRecord<?, ?> record) {
        var header = record.headers().lastHeader(NAME);
        return header != null && !group.equals(group(header));
    }

    private static String group(Header header) {
        return header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }
}
