package dev.wisp.autoscaler.signal;

import dev.wisp.autoscaler.explain.DecisionLog;
import dev.wisp.autoscaler.node.NodeBook;
import dev.wisp.contracts.bus.KafkaBus;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/** A replica of the autoscaler as a process of its own, which can be stopped, continued and killed. */
final class ReplicaProcess implements AutoCloseable {

    private final Process process;

    private ReplicaProcess(Process process) {
        this.process = process;
    }

    static ReplicaProcess start(String bootstrapServers, Path output) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ReplicaProcess.class.getName(),
                bootstrapServers);
        return new ReplicaProcess(builder.redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start());
    }

    void kill() {
        process.destroyForcibly();
    }

    void suspend() throws IOException, InterruptedException {
        signal("STOP");
    }

    void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
    }

    /** The argument is where the broker is. Ends with its standard input, so that it does not outlive who started it. */
    public static void main(String[] arguments) throws IOException {
        KafkaBus bus =
                new KafkaBus(arguments[0], "replica-" + ProcessHandle.current().pid());
        ScalingLoop loop = new ScalingLoop(bus, new DecisionLog(10), new NodeBook(), ScalingLoop.Settings.DEFAULT);
        ScalingDriver driver = new ScalingDriver(
                loop,
                InstantSource.system(),
                System::nanoTime,
                new ScalingDriver.Ticks(Duration.ofMillis(250), Duration.ofSeconds(1)),
                new SimpleMeterRegistry());
        try (bus;
                driver) {
            driver.start();
            while (System.in.read() >= 0) {
                // Nothing is said; the end is what is waited for.
            }
        }
    }
}
