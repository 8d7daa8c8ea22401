package nod.gateway.device;

import static java.util.Objects.requireNonNull;

import nod.gateway.security.Reach;
import nod.gateway.web.Call;
import nod.gateway.web.PageRequest;
import nod.gateway.web.PageRequest.Page;
import nod.gateway.web.PageRequest.Paginated;

import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;

import reactor.core.publisher.Mono;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The list of devices: filters, search, ordering and pages. */
@Repository
class DeviceList {

    /** What may be ordered by, and the column behind it. */
    private static final Map<String, String> ORDERINGS =
            Map.of(
                    "pk", "pk",
                    "name", "name",
                    "confirmed", "confirmed",
                    "last_checkin", "checked_in");

    private final DatabaseClient database;
    private final Devices devices;

    DeviceList(DatabaseClient database, Devices devices) {
        this.database = database;
        this.devices = devices;
    }

    /** The page of devices, of those within the caller's reach, that the call's query asks for. */
    Mono<Paginated<MobileDevice>> list(Call call) {
        var parameters = new LinkedHashMap<String, String>();
        var where = where(call, parameters);
        var page = PageRequest.of(call);
        return count(where, parameters)
                .map(page::of)
                .flatMap(found -> page(found, where, parameters, orderBy(call.query("ordering"))));
    }

    private static String where(Call call, Map<String, String> parameters) {
        var conditions = new ArrayList<String>(List.of("true"));
        var name = call.textQuery("name");
        if (name != null) {
            conditions.add("name = :name");
            parameters.put("name", name);
        }
        var user =
                switch (call.reach()) {
                    case Reach.Everybody _ -> call.textQuery("user");
                    case Reach.OneUser own -> own.user();
                };
        if (user != null) {
            conditions.add("user_id = :user");
            parameters.put("user", user);
        }
        for (var word : words(call.query("search"))) {
            var parameter = "word" + parameters.size();
            conditions.add("position(lower(:" + parameter + ") IN lower(name)) > 0");
            parameters.put(parameter, word);
        }
        return String.join(" AND ", conditions);
    }

    /** NUL characters are passed over, as Django REST framework does here. */
    private static List<String> words(@Nullable String search) {
        return search == null
                ? List.of()
                : Arrays.stream(search.replace("\0", "").split("[\\s,]+"))
                        .filter(word -> !word.isEmpty())
                        .toList();
    }

    /** The pk comes last in every order, so that pages never overlap. */
    static String orderBy(@Nullable String ordering) {
        var terms =
                Arrays.stream((ordering == null ? "" : ordering).split(","))
                        .map(String::strip)
                        .map(DeviceList::term)
                        .filter(term -> !term.isEmpty())
                        .collect(Collectors.toCollection(ArrayList::new));
        if (terms.isEmpty()) {
            terms.add("name");
        }
        terms.add("pk");
        return String.join(", ", terms);
    }

    private static String term(String text) {
        var descending = text.startsWith("-");
        var column = ORDERINGS.get(descending ? text.substring(1) : text);
        return column == null ? "" : descending ? column + " DESC" : column;
    }

    private Mono<Long> count(String where, Map<String, String> parameters) {
        return database.sql("SELECT count(*) AS n FROM device WHERE " + where)
                .bindValues(parameters)
                .map(row -> requireNonNull(row.get("n", Long.class)))
                .one();
    }

    private Mono<Paginated<MobileDevice>> page(
            Page page, String where, Map<String, String> parameters, String orderBy) {
        return database.sql(
                        """
                        SELECT pk, user_id, name, confirmed, info::text AS info, sequence FROM device
                        WHERE %s ORDER BY %s OFFSET :offset LIMIT :size
                        """
                                .formatted(where, orderBy))
                .bindValues(parameters)
                .bind("offset", page.offset())
                .bind("size", page.size())
                .map(devices::device)
                .all()
                .map(MobileDevice::of)
                .collectList()
                .map(page::with);
    }
}
