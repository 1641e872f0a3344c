package dev.wisp.standalone;

import dev.wisp.node.instance.HostMemory;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What the process says of itself under the names Prometheus knows, in place of a library's that its checker refuses. */
@Singleton
final class ProcessMeters {

    private static final Set<String> REFUSED = Set.of("process.cpu.time", "system.cpu.count");
    private static final double NANOS_PER_SECOND = 1e9;

    @Produces
    @Singleton
    MeterFilter withoutRefusedNames() {
        return MeterFilter.deny(ProcessMeters::isRefused);
    }

    void onStart(
            @Observes StartupEvent event, MeterRegistry registry, @ConfigProperty(name = "wisp.home") String home) {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system) {
            FunctionCounter.builder("process.cpu", system, bean -> bean.getProcessCpuTime() / NANOS_PER_SECOND)
                    .baseUnit("seconds")
                    .description("Processor time of this process")
                    .register(registry);
        }
        buildInfo(registry);
        hostMemory(registry);
        File disk = new File(home);
        Gauge.builder("wisp.disk.free", disk, folder -> (double) folder.getUsableSpace())
                .strongReference(true)
                .baseUnit("bytes")
                .description("Room left where the journal, images and databases are")
                .register(registry);
        Gauge.builder("wisp.disk.size", disk, folder -> (double) folder.getTotalSpace())
                .strongReference(true)
                .baseUnit("bytes")
                .description("Size of that disk")
                .register(registry);
    }

    private static void hostMemory(MeterRegistry registry) {
        Gauge.builder("wisp.host.memory.available", () -> HostMemory.read().availableBytes())
                .baseUnit("bytes")
                .description("Memory of the host that programs could have, caches that can be dropped among it")
                .register(registry);
        Gauge.builder("wisp.host.memory.size", () -> HostMemory.read().totalBytes())
                .baseUnit("bytes")
                .description("Memory of the host")
                .register(registry);
    }

    private static void buildInfo(MeterRegistry registry) {
        Properties build = new Properties();
        try (InputStream file = ProcessMeters.class.getResourceAsStream("build.properties")) {
            build.load(Objects.requireNonNull(file, "build.properties"));
        } catch (IOException e) {
            throw new UncheckedIOException("build.properties", e);
        }
        Gauge.builder("wisp.build.info", () -> 1)
                .tag("version", build.getProperty("version", "unknown"))
                .tag("revision", build.getProperty("revision", "unknown"))
                .description("What this process was built from; always 1")
                .register(registry);
    }

    private static boolean isRefused(Meter.Id id) {
        return REFUSED.contains(id.getName());
    }
}
