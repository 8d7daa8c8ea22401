package nod.standalone.docs;

import nod.standalone.secured.KafkaRights;

import org.apache.kafka.common.utils.SecurityUtils;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** What everybody needs of Kafka: a table for people, and the commands that grant it. */
final class KafkaRightsText {

    private KafkaRightsText() {}

    static String all() {
        var text =
                new StringBuilder("| principal | reads | writes | groups |\n|---|---|---|---|\n");
        KafkaRights.all().forEach(rights -> text.append(row(rights)));
        text.append("\n```sh\n");
        KafkaRights.all()
                .forEach(
                        rights -> commands(rights).forEach(line -> text.append(line).append('\n')));
        return text.append("```\n").toString();
    }

    private static String row(KafkaRights rights) {
        return "| `%s` | %s | %s | %s |\n"
                .formatted(
                        rights.principal(),
                        cell(rights.reads()),
                        cell(rights.writes()),
                        cell(rights.groups()));
    }

    private static String cell(Collection<String> names) {
        return names.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
    }

    private static List<String> commands(KafkaRights rights) {
        var commands = new ArrayList<String>();
        var looks =
                KafkaRights.LOOKS.stream()
                        .map(operation -> " --operation " + SecurityUtils.operationName(operation))
                        .collect(Collectors.joining());
        commands.add(
                "acls %s%s --resource-pattern-type prefixed --topic %s"
                        .formatted(rights.principal(), looks, KafkaRights.PREFIX));
        add(commands, rights, "Read", "topic", rights.reads());
        add(commands, rights, "Write", "topic", rights.writes());
        add(commands, rights, "Read", "group", rights.groups());
        return commands;
    }

    private static void add(
            List<String> commands,
            KafkaRights rights,
            String operation,
            String kind,
            Collection<String> names) {
        if (!names.isEmpty()) {
            var head = "acls %s --operation %s".formatted(rights.principal(), operation);
            commands.add(
                    names.stream()
                            .map(name -> "--%s %s".formatted(kind, name))
                            .collect(Collectors.joining(" \\\n    ", head + " \\\n    ", "")));
        }
    }
}
