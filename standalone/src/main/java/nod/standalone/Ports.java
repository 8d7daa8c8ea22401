package nod.standalone;

import nod.standalone.host.Port;
import nod.standalone.settings.StandaloneSettings;

import java.util.List;

/**
 * Where everything but PostgreSQL will listen, shown to be free. PostgreSQL's port may rightly be
 * taken, by a server that a killed process left behind.
 */
record Ports(
        int gateway,
        int gatewayManagement,
        int dispatcherManagement,
        int responseCollectorManagement,
        int kafka,
        int simulatorsControl,
        int fcm,
        int apns) {

    static Ports reserve(StandaloneSettings settings) {
        var free =
                Port.reserve(
                                List.of(
                                        settings.gateway().api(),
                                        settings.gateway().management(),
                                        settings.dispatcher().management(),
                                        settings.responseCollector().management(),
                                        settings.kafka().clients(),
                                        settings.simulators().control(),
                                        settings.simulators().fcm(),
                                        settings.simulators().apns()))
                        .stream()
                        .mapToInt(Port::number)
                        .toArray();
        return new Ports(free[0], free[1], free[2], free[3], free[4], free[5], free[6], free[7]);
    }
}
