package dev.wisp.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An uplink and a world behind it, in two network namespaces that die with this process, so that egress is tried without a packet on the machine's network:
 *
 * <pre>
 * platform ── uplink 203.0.113.1 ── world 203.0.113.10, 10.9.9.9, 169.254.169.254
 * </pre>
 */
final class PrivateWorld implements AutoCloseable {

    static final String UPLINK = "203.0.113.1";
    static final String WORLD = "203.0.113.10";
    static final String PRIVATE = "10.9.9.9";
    static final String METADATA = "169.254.169.254";

    private final List<Process> processes = new ArrayList<>();
    private final String uplink;
    private final String world;

    PrivateWorld() {
        try {
            uplink = namespace();
            world = namespace();
            in(uplink, "ip link add wan type veth peer name wan netns " + world.split("/")[2]);
            in(uplink, "ip addr add " + UPLINK + "/24 dev wan && ip link set wan up && ip link set lo up");
            in(world, "ip addr add " + WORLD + "/24 dev wan && ip link set wan up && ip link set lo up");
            in(world, "ip addr add " + PRIVATE + "/32 dev lo && ip addr add " + METADATA + "/32 dev lo");
            in(uplink, "ip route add default via " + WORLD + " && echo 1 > /proc/sys/net/ipv4/ip_forward");
            awaitReady(held("nsenter", "--net=" + world, java(), "-cp", "target/test-classes", World.class.getName()));
        } catch (IOException | RuntimeException e) {
            close();
            throw new IllegalStateException("no private world: " + e.getMessage(), e);
        }
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Held by a process that does nothing else. */
    private String namespace() throws IOException {
        Process holder = held("unshare", "--net", "sh", "-c", "echo ready; exec sleep infinity");
        awaitReady(holder);
        return "/proc/" + holder.pid() + "/ns/net";
    }

    /** A process that ends with the thread that started it. */
    private Process held(String... command) throws IOException {
        List<String> words = new ArrayList<>(List.of("setpriv", "--pdeathsig", "KILL"));
        words.addAll(List.of(command));
        Process process = new ProcessBuilder(words)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        processes.add(process);
        return process;
    }

    private static void awaitReady(Process process) throws IOException {
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        assertThat(output.readLine()).isEqualTo("ready");
    }

    /** What a command prints in one of the namespaces; it must succeed. */
    private static String in(String namespace, String command) {
        try {
            Process process = new ProcessBuilder("nsenter", "--net=" + namespace, "sh", "-c", command)
                    .redirectErrorStream(true)
                    .start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as("%s: %s", command, text).isZero();
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** For {@code wisp.node.network.uplink}. */
    String uplink() {
        return uplink;
    }

    /** Interfaces at the uplink, loopback not counted. */
    List<String> interfaces() {
        return in(uplink, "cat /proc/net/dev")
                .lines()
                .filter(line -> line.contains(":"))
                .map(line -> line.substring(0, line.indexOf(':')).strip())
                .filter(name -> !name.equals("lo"))
                .sorted()
                .toList();
    }

    /** The packet filter at the uplink. */
    String rules() {
        return in(uplink, "nft list ruleset");
    }

    /** What the uplink itself gets from an address. */
    String reach(String address, int port) {
        return in(uplink, "exec bash -c 'exec 3<>/dev/tcp/%s/%d; cat <&3'".formatted(address, port));
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
    }
}
