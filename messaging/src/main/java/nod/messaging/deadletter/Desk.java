package nod.messaging.deadletter;

import org.apache.kafka.common.KafkaException;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Does what an operator wants done with a service's dead letters. */
final class Desk {

    private static final int DONE = 0;
    private static final int FAILED = 1;

    private final List<DeadLetterTopic> topics;
    private final DeadLetterLog log;
    private final Replay replay;
    private final LetterPrinter printer;
    private final PrintStream err;

    Desk(
            List<DeadLetterTopic> topics,
            DeadLetterLog log,
            Replay replay,
            LetterPrinter printer,
            PrintStream err) {
        this.topics = topics;
        this.log = log;
        this.replay = replay;
        this.printer = printer;
        this.err = err;
    }

    /**
     * Does it.
     *
     * @return the exit status
     * @throws UsageException where a topic is none of the service's
     */
    int run(DeadLetterCommand command) {
        return switch (command) {
            case DeadLetterCommand.ListLetters list -> list(list.all());
            case DeadLetterCommand.Show show -> show(show.place());
            case DeadLetterCommand.ReplayAll _ -> replay(topics);
            case DeadLetterCommand.ReplayTopic one -> replay(List.of(topic(one.topic())));
            case DeadLetterCommand.ReplayOne one -> replay(one.place());
            case DeadLetterCommand.Dismiss dismiss -> dismiss(dismiss.place());
        };
    }

    private DeadLetterTopic topic(String name) {
        return topics.stream()
                .filter(topic -> topic.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new UsageException(
                                        "TOPIC is '%s', expected one of %s"
                                                .formatted(
                                                        name,
                                                        topics.stream()
                                                                .map(DeadLetterTopic::name)
                                                                .toList())));
    }

    private int list(boolean all) {
        printer.head();
        for (var topic : topics) {
            log.read(
                    topic,
                    letters ->
                            letters.stream()
                                    .filter(letter -> all || letter.fate() == Fate.OPEN)
                                    .forEach(printer::row));
        }
        return DONE;
    }

    private int show(Place place) {
        var letter = log.find(topic(place.topic()), place);
        letter.ifPresent(printer::show);
        return letter.isPresent() ? DONE : missing(place);
    }

    private int missing(Place place) {
        err.printf("dead-letters: there is none at %s, see dead-letters list%n", place);
        return FAILED;
    }

    private int replay(List<DeadLetterTopic> of) {
        var left = 0;
        for (var topic : of) {
            left += replay(topic);
        }
        return left == 0 ? DONE : FAILED;
    }

    /** How many were left. */
    private int replay(DeadLetterTopic topic) {
        var round = new Round();
        try {
            log.read(topic, round::on);
        } catch (KafkaException cutOff) {
            if (round.replayed > 0) {
                round.say(topic);
            }
            throw cutOff;
        }
        round.say(topic);
        return round.left;
    }

    private int replay(Place place) {
        var letter = log.find(topic(place.topic()), place);
        if (letter.isEmpty()) {
            return missing(place);
        }
        var found = letter.get();
        if (found.fate() == Fate.REPLAYED) {
            err.printf("%s was replayed before.%n", place);
            return DONE;
        }
        if (!replay.canRead(found)) {
            return leave(found);
        }
        replay.replay(List.of(found));
        err.printf("Replayed %s for the group %s.%n", place, found.topic().group());
        return DONE;
    }

    private int leave(Letter letter) {
        err.printf(
                "dead-letters: left %s, which this version can't read: replay it with one that can,"
                        + " or dismiss it%n",
                letter.place());
        return FAILED;
    }

    private int dismiss(Place place) {
        var letter = log.find(topic(place.topic()), place);
        if (letter.isEmpty()) {
            return missing(place);
        }
        if (letter.get().fate() == Fate.OPEN) {
            replay.note(List.of(letter.get()), Fate.DISMISSED);
        }
        err.printf("%s is off the list.%n", place);
        return DONE;
    }

    /** What one reading of a topic brings. */
    private final class Round {

        private int replayed;
        private int left;

        void on(List<Letter> letters) {
            var open = new ArrayList<Letter>();
            for (var letter : letters) {
                if (letter.fate() == Fate.OPEN && replay.canRead(letter)) {
                    open.add(letter);
                } else if (letter.fate() == Fate.OPEN) {
                    leave(letter);
                    left++;
                }
            }
            replay.replay(open);
            replayed += open.size();
        }

        void say(DeadLetterTopic topic) {
            err.printf(
                    "Replayed %d dead letters of %s for the group %s.%n",
                    replayed, topic.topic().topicName(), topic.group());
        }
    }
}
