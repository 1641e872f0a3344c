package dev.wisp.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Hosts of one network, each a network namespace with an address of its own on a switch, which is made in this process' namespace; that must be nobody else's. All of them end with this process:
 *
 * <pre>
 * this process, switch 10.77.0.254 ── h1 10.77.0.1, h2 10.77.0.2, …
 * </pre>
 */
final class PrivateHosts implements AutoCloseable {

    private static final String NETWORK = "10.77.0.";

    private final List<Process> holders = new ArrayList<>();

    PrivateHosts(int count) {
        try {
            run(List.of(), "ip link set lo up && ip link add br0 type bridge && ip link set br0 up");
            run(List.of(), "ip addr add " + NETWORK + "254/24 dev br0");
            for (int host = 1; host <= count; host++) {
                add(host);
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw new IllegalStateException("no private hosts: " + e.getMessage(), e);
        }
    }

    static String address(int host) {
        return NETWORK + host;
    }

    private void add(int host) throws IOException {
        Process holder = new ProcessBuilder(
                        "setpriv",
                        "--pdeathsig",
                        "KILL",
                        "unshare",
                        "--net",
                        "sh",
                        "-c",
                        "echo ready; exec sleep infinity")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        holders.add(holder);
        assertThat(holder.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("ready");
        run(List.of(), "ip link add h%d type veth peer name eth0 netns %d".formatted(host, holder.pid()));
        run(List.of(), "ip link set h%d master br0 && ip link set h%d up".formatted(host, host));
        run(on(host), "ip link set lo up && ip link set eth0 up");
        run(on(host), "ip addr add %s/24 dev eth0".formatted(address(host)));
    }

    /** The command that runs another one on a host. */
    List<String> on(int host) {
        return List.of("nsenter", "--net=/proc/" + holders.get(host - 1).pid() + "/ns/net");
    }

    /** Takes a host's cable out, or puts it back. */
    void connect(int host, boolean connected) {
        run(List.of(), "ip link set h%d %s".formatted(host, connected ? "up" : "down"));
    }

    private static void run(List<String> through, String shell) {
        List<String> command = new ArrayList<>(through);
        command.addAll(List.of("sh", "-c", shell));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as("%s: %s", shell, text).isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        holders.forEach(Process::destroyForcibly);
    }
}
