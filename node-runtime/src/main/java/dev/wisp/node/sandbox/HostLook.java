package dev.wisp.node.sandbox;

import dev.wisp.node.network.EgressNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Looks at the host for what belongs to sandboxes and to none that the runtime has: by names, ids and numbers, which the runtime gives out and takes back
 * last. Reads two folders of the kernel and one link a descriptor, some milliseconds beside a hundred sandboxes; writes nothing.
 */
final class HostLook {

    private static final Path PROCESSES = Path.of("/proc");
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private final Host host;
    private final ParkingLot lot;
    private final EgressNetwork egress;
    private final Path layers;
    private final String home;

    HostLook(Host host, ParkingLot lot, EgressNetwork egress, Path layers) {
        this.host = host;
        this.lot = lot;
        this.egress = egress;
        this.layers = layers;
        this.home = target(Path.of("/proc/self/ns/net"));
    }

    Map<Leak, Set<String>> strays() {
        try {
            return Map.of(
                    Leak.CGROUP, LeakPolicy.groups(host.cgroups().groups().stream(), lot::hasSlot),
                    Leak.PROC, processes(),
                    Leak.MOUNT,
                            LeakPolicy.mounts(Files.readAllLines(Path.of("/proc/self/mountinfo")), layers.toString()),
                    Leak.NETNS, namespaces(),
                    Leak.VETH, egress.strays());
        } catch (IOException e) {
            throw new UncheckedIOException("looking at the host", e);
        }
    }

    private Set<String> processes() throws IOException {
        try (Stream<Path> entries = Files.list(PROCESSES)) {
            return entries.filter(entry ->
                            Character.isDigit(entry.getFileName().toString().charAt(0)))
                    .filter(entry -> lot.isOfNoSlot(user(entry)))
                    .map(entry -> entry.getFileName().toString())
                    .collect(Collectors.toSet());
        }
    }

    /** Host id of its user; -1 when it is gone. */
    private static long user(Path process) {
        try {
            return Integer.toUnsignedLong((Integer) Files.getAttribute(process, "unix:uid"));
        } catch (IOException e) {
            return -1;
        }
    }

    private Set<String> namespaces() throws IOException {
        Map<String, String> targets = new HashMap<>();
        try (Stream<Path> entries = Files.list(DESCRIPTORS)) {
            entries.forEach(entry -> targets.put(entry.getFileName().toString(), target(entry)));
        }
        return LeakPolicy.namespaces(
                targets,
                Set.copyOf(Stream.concat(
                                Stream.of(home),
                                egress.namespaces().stream()
                                        .map(descriptor -> targets.getOrDefault(Integer.toString(descriptor), home)))
                        .toList()));
    }

    /** What a link leads to, as text; nothing when it is gone. */
    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(link.toString(), e);
        }
    }
}
