package dev.wisp.bench.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What of the host a runtime could leave behind.
 *
 * @param descriptors open in this process
 * @param threads of the runtime, how many of each name without its number: the JVM makes and ends its own as it likes
 * @param children of this process
 * @param groups control groups below a prefix
 * @param mounts the host's
 * @param namespaces of networks that descriptors of this process hold
 * @param interfaces of networks: the host's, the uplink's and those of the namespaces
 * @param rules of nftables in all of these, with their chains, sets and elements, in lines
 * @param files below the runtime's folder
 * @param strays what the runtime itself finds that belongs to no sandbox
 * @param stuck sandboxes that it says do not end
 */
record Held(
        long descriptors,
        Map<String, Long> threads,
        long children,
        long groups,
        long mounts,
        long namespaces,
        long interfaces,
        long rules,
        long files,
        Set<String> strays,
        int stuck) {

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    /**
     * Where to look.
     *
     * @param prefix of the control groups
     * @param uplink process that holds the uplink's network
     * @param folder of the runtime's files
     */
    record Place(String prefix, long uplink, Path folder) {}

    /** Of a process without a runtime. */
    static Held now(Place place) {
        return now(place, Set.of(), 0);
    }

    /** Of a process with one. */
    static Held now(Place place, SandboxHost host) {
        Set<String> strays = new TreeSet<>();
        host.runtime().strays().forEach((kind, names) -> names.forEach(name -> strays.add(kind.label() + " " + name)));
        return now(place, strays, host.runtime().stuck().size());
    }

    private static Held now(Place place, Set<String> strays, int stuck) {
        try {
            Set<String> networks = networks();
            List<String> all = Stream.concat(networks.stream(), Stream.of(Uplink.path(place.uplink())))
                    .toList();
            long rules = 0;
            long interfaces = entries(Path.of("/sys/class/net"));
            for (String network : all) {
                rules += NetworkLook.rules(network);
                interfaces += NetworkLook.interfaces(network);
            }
            return new Held(
                    entries(DESCRIPTORS),
                    threadsNow(),
                    ProcessHandle.current().children().count(),
                    groups(place.prefix()),
                    Files.readAllLines(Path.of("/proc/self/mounts")).size(),
                    networks.size(),
                    interfaces,
                    rules + NetworkLook.rules(NetworkLook.OWN),
                    files(place.folder()),
                    strays,
                    stuck);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Long> threadsNow() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("wisp-"))
                .collect(Collectors.groupingBy(
                        name -> name.replaceFirst("-\\d+$", ""), TreeMap::new, Collectors.counting()));
    }

    /** One path for each network that a descriptor holds and that is not this process's own. */
    private static Set<String> networks() throws IOException {
        Set<Path> seen = new HashSet<>(Set.of(Files.readSymbolicLink(Path.of(NetworkLook.OWN))));
        Set<String> paths = new HashSet<>();
        try (Stream<Path> descriptors = Files.list(DESCRIPTORS)) {
            for (Path descriptor : descriptors.toList()) {
                Path target = Files.exists(descriptor) ? Files.readSymbolicLink(descriptor) : descriptor;
                if (target.toString().startsWith("net:") && seen.add(target)) {
                    paths.add("/proc/%d/fd/%s".formatted(ProcessHandle.current().pid(), descriptor.getFileName()));
                }
            }
        }
        return paths;
    }

    static long files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.count();
        }
    }

    /** The branch itself is not counted: it belongs to the runtime. */
    static long groups(String prefix) throws IOException {
        long groups = 0;
        try (Stream<Path> hierarchies = Files.list(Path.of("/sys/fs/cgroup"))) {
            List<Path> branches = Stream.concat(
                            hierarchies.map(hierarchy -> hierarchy.resolve(prefix)),
                            Stream.of(Path.of("/sys/fs/cgroup", prefix)))
                    .filter(Files::isDirectory)
                    .toList();
            for (Path branch : branches) {
                try (Stream<Path> below = Files.list(branch)) {
                    groups += below.filter(Files::isDirectory).count();
                }
            }
        }
        return groups;
    }

    private static long entries(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.count();
        }
    }
}
