package nod.messaging.publish;

import static java.util.Objects.requireNonNull;

import nod.messaging.MessagingSettings;
import nod.messaging.consume.EventConsumer;
import nod.schemas.event.Topic;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicListing;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.springframework.beans.factory.ObjectProvider;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/**
 * Creates the topics that are missing: all of the event log, and this service's dead letters. What
 * exists is left alone; whether it suits is only looked at.
 */
public final class TopicCreation {

    static final int TIMEOUT_MILLIS = 5_000;

    /** Kafka shows nobody a topic that they may not describe: it seems to be missing. */
    private static final String OR_IT_IS_HIDDEN =
            " It is missing and this service may not create it, or it is there and this service may"
                    + " not describe it";

    private final MessagingSettings.Topics settings;
    private final ObjectProvider<EventConsumer<?>> consumers;
    private List<WantedTopic> existing = List.of();
    private Map<String, Uuid> known = Map.of();
    private boolean replaced;

    public TopicCreation(
            MessagingSettings.Topics settings, ObjectProvider<EventConsumer<?>> consumers) {
        this.settings = settings;
        this.consumers = consumers;
    }

    /** A topic that the cluster would not create, with what was asked and its reason. */
    record Refused(NewTopic asked, String reason) {

        @Override
        public String toString() {
            return "Topic %s could not be created with %d partitions, %s and %s. The cluster says: %s"
                    .formatted(
                            asked.name(),
                            asked.numPartitions(),
                            asked.replicationFactor() < 0
                                    ? "the cluster's default of replicas"
                                    : asked.replicationFactor() + " replicas",
                            asked.configs(),
                            reason);
        }
    }

    /**
     * Creates what is missing and leaves alone what exists: more partitions would give keys to
     * other partitions, where their order is lost.
     *
     * @return what the cluster refused to create; nothing means that all topics exist
     * @throws ExecutionException when Kafka did not answer
     */
    List<Refused> createMissing(Admin admin) throws ExecutionException, InterruptedException {
        var found =
                admin.listTopics(new ListTopicsOptions().timeoutMs(TIMEOUT_MILLIS))
                        .namesToListings()
                        .get();
        existing = wanted().filter(topic -> found.containsKey(topic.name())).toList();
        var missing = wanted().filter(topic -> !found.containsKey(topic.name())).toList();
        compare(found);
        return create(admin, missing.stream().map(this::newTopic).toList());
    }

    /** Whether a topic of the look before was gone at the last one, or was made anew since. */
    boolean wereReplaced() {
        return replaced;
    }

    private void compare(Map<String, TopicListing> found) {
        var now = new HashMap<String, Uuid>();
        existing.forEach(
                topic -> now.put(topic.name(), requireNonNull(found.get(topic.name())).topicId()));
        replaced =
                known.entrySet().stream()
                        .anyMatch(topic -> !topic.getValue().equals(now.get(topic.getKey())));
        known = now;
    }

    /** Tells where the topics that were there before are not as they should be; never fails. */
    void check(Admin admin) {
        TopicCheck.begin(admin, existing);
    }

    private static List<Refused> create(Admin admin, List<NewTopic> missing)
            throws ExecutionException, InterruptedException {
        var options = new CreateTopicsOptions().timeoutMs(TIMEOUT_MILLIS);
        var results = admin.createTopics(missing, options).values();
        var refused = new ArrayList<Refused>();
        for (var topic : missing) {
            refusal(requireNonNull(results.get(topic.name())))
                    .ifPresent(reason -> refused.add(new Refused(topic, reason)));
        }
        return refused;
    }

    /** Why it was refused, if it was; another instance may have been faster. */
    private static Optional<String> refusal(KafkaFuture<Void> creation)
            throws ExecutionException, InterruptedException {
        try {
            creation.get();
            return Optional.empty();
        } catch (ExecutionException failure) {
            return switch (failure.getCause()) {
                case TopicExistsException _ -> Optional.empty();
                case RetriableException _ -> throw failure;
                case TopicAuthorizationException refused ->
                        Optional.of(reason(refused) + OR_IT_IS_HIDDEN);
                case ApiException refused -> Optional.of(reason(refused));
                default -> throw failure;
            };
        }
    }

    /** Kafka's name for the error with its explanation. */
    static String reason(Throwable failure) {
        var name = failure.getClass().getSimpleName().replaceAll("Exception$", "");
        return failure.getMessage() == null ? name : name + ": " + failure.getMessage();
    }

    private Stream<WantedTopic> wanted() {
        var events =
                Arrays.stream(Topic.values())
                        .map(topic -> new WantedTopic(topic.topicName(), settings.retention()));
        var deadLetters =
                consumers.stream()
                        .map(
                                consumer ->
                                        new WantedTopic(
                                                consumer.deadLetterTopic(),
                                                settings.deadLetterRetention()));
        return Stream.concat(events, deadLetters);
    }

    private NewTopic newTopic(WantedTopic topic) {
        return topic.create(settings.partitions(), settings.replicas());
    }
}
