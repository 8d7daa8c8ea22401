package nod.benchmarks.rig;

import static java.util.Objects.requireNonNull;

import nod.standalone.host.Port;

import tools.jackson.databind.json.JsonMapper;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/** The services, each a process of its own. For one thread at a time. */
final class Services implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Rig.Plan plan;
    private final ServiceSettings settings;
    private final ServiceJvm jvm;
    private final List<Integer> gatewayPorts;
    private final List<JvmProcess> processes = new ArrayList<>();
    private final Map<String, Actuator> actuators = new HashMap<>();
    private final Map<String, Duration> startTimes = new LinkedHashMap<>();

    /** Services that are not started yet. */
    Services(Rig.Plan plan, ServiceSettings settings) {
        this.plan = plan;
        this.settings = settings;
        jvm = new ServiceJvm(plan);
        gatewayPorts = Stream.generate(Port::anyFree).limit(plan.instances()).toList();
    }

    /** One after the other, so that the time of each start is its own; the gateways first. */
    void start() {
        for (int port : gatewayPorts) {
            start(
                    "gateway",
                    management -> settings.gateway(port, management, gatewayPorts.getFirst()));
        }
        for (int i = 0; i < plan.instances(); i++) {
            start("dispatcher", settings::dispatcher);
            start("response-collector", settings::responseCollector);
        }
    }

    private void start(String service, IntFunction<Map<String, String>> settingsByPort) {
        int port = Port.anyFree();
        var actuator = new Actuator(port);
        actuators.put(service, actuator);
        var name = nameOfNext(service);
        var process =
                new JvmProcess(
                        name,
                        jvm.commandFor(service),
                        // Not as arguments, which everybody on the machine can read.
                        Map.of(
                                "SPRING_APPLICATION_JSON",
                                JSON.writeValueAsString(settingsByPort.apply(port))),
                        actuator::isReady,
                        plan.log(name));
        processes.add(process);
        process.start();
        startTimes.put(name, process.awaitReady());
    }

    private String nameOfNext(String service) {
        if (plan.instances() == 1) {
            return service;
        }
        long before = processes.stream().filter(one -> one.name().startsWith(service)).count();
        return service + "-" + (before + 1);
    }

    /** The process of the only instance of a service. */
    JvmProcess process(String service) {
        return processes.stream()
                .filter(process -> process.name().equals(service))
                .findFirst()
                .orElseThrow();
    }

    /** By the name of each process. */
    Map<String, Long> pids() {
        var pids = new LinkedHashMap<String, Long>();
        processes.forEach(process -> pids.put(process.name(), process.pid()));
        return pids;
    }

    /** Of the last instance of a service. */
    Actuator actuator(String service) {
        return requireNonNull(actuators.get(service));
    }

    /** How long each took from the start of its process until it was ready. */
    Map<String, Duration> startTimes() {
        return Collections.unmodifiableMap(startTimes);
    }

    /** Where each gateway serves the API; the first is the one that phones know. */
    List<URI> gateways() {
        return gatewayPorts.stream()
                .map(port -> URI.create("http://127.0.0.1:" + port + "/"))
                .toList();
    }

    /** Stops them, the last first. */
    @Override
    public void close() {
        processes.reversed().forEach(JvmProcess::close);
    }
}
