package dev.wisp.node.escape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Writes the tables of {@code docs/isolation.md}: the same probes beside two OCI runtimes. Runs only when it is told where to. */
@Timeout(value = 500, unit = TimeUnit.SECONDS)
final class PeersIT {

    private static final String BEGIN = "<!-- begin of what PeersIT writes -->\n";
    private static final String END = "<!-- end of what PeersIT writes -->\n";

    private final Map<String, Verdict> control = new LinkedHashMap<>();
    private final Map<String, Map<String, List<String>>> openAs = new LinkedHashMap<>();

    @Test
    void sameProbesBesidePeers(@TempDir Path folder) throws IOException {
        String page = System.getProperty("wisp.isolation.page");
        assumeTrue(page != null, "-Dwisp.isolation.page=docs/isolation.md says where to write");
        Cell.assumePossible();
        assumeTrue(Commands.works("crun", "--version") && Commands.works("runc", "--version"), "apt install crun runc");
        ProbeImage image = ProbeImage.build(folder);
        List<OciPeer> peers = List.of(new OciPeer("crun", image, folder), new OciPeer("runc", image, folder));
        try (Quarry quarry = new Quarry(image, folder);
                Cell cell = new Cell(folder)) {
            Control without = new Control(image, Files.createDirectory(folder.resolve("scratch")), quarry.parameters());
            for (String program : ProbeImage.PROGRAMS) {
                without.run(program).forEach(verdict -> control.put(verdict.key(), verdict));
                note("Wisp", "root", cell.run(image, program, "", quarry.parameters()));
                note("Wisp", "user", cell.run(image, program, "1000:1000", quarry.parameters()));
                for (OciPeer peer : peers) {
                    note(peer.version(), "root", peer.run(program, 0, quarry.parameters()));
                    note(peer.version(), "user", peer.run(program, 1000, quarry.parameters()));
                }
            }
        } finally {
            for (OciPeer peer : peers) {
                peer.removeBranch();
            }
        }

        assertThat(openAs.get("Wisp")).isEmpty();
        write(Path.of(page));
    }

    /** Only what gets through without guards counts. */
    private void note(String runtime, String user, List<Verdict> verdicts) {
        Map<String, List<String>> open = openAs.computeIfAbsent(runtime, _ -> new LinkedHashMap<>());
        assertThat(control.keySet())
                .containsAll(verdicts.stream().map(Verdict::key).toList());
        verdicts.stream()
                .filter(Verdict::open)
                .filter(verdict -> getsThroughWithoutGuards(verdict.key()))
                .forEach(verdict -> open.computeIfAbsent(verdict.key(), _ -> new ArrayList<>())
                        .add(user));
    }

    private boolean getsThroughWithoutGuards(String key) {
        Verdict without = control.get(key);
        return without != null && without.open();
    }

    private void write(Path page) throws IOException {
        String text = Files.readString(page);
        int begin = text.indexOf(BEGIN) + BEGIN.length();
        Files.writeString(
                page,
                text.substring(0, begin) + "\n" + summary() + "\n" + details() + "\n"
                        + text.substring(text.indexOf(END)));
    }

    private String summary() {
        StringBuilder table = new StringBuilder(head("Row", "Probes"));
        List<String> rows = open().map(Verdict::row).distinct().sorted().toList();
        for (String row : rows) {
            table.append("| %s | %d |"
                    .formatted(
                            row,
                            open().filter(verdict -> verdict.row().equals(row)).count()));
            openAs.values()
                    .forEach(open -> table.append(" %d |"
                            .formatted(open.keySet().stream()
                                    .filter(key -> key.startsWith(row + " "))
                                    .count())));
            table.append('\n');
        }
        table.append("| all | %d |".formatted(open().count()));
        openAs.values().forEach(open -> table.append(" %d |".formatted(open.size())));
        return table.append('\n').toString();
    }

    private String details() {
        StringBuilder table = new StringBuilder(head("Row", "Probe"));
        open().filter(verdict -> openAs.values().stream().anyMatch(open -> open.containsKey(verdict.key())))
                .forEach(verdict -> {
                    table.append("| %s | %s |".formatted(verdict.row(), verdict.name()));
                    openAs.values().forEach(open -> table.append(" %s |".formatted(cell(open.get(verdict.key())))));
                    table.append('\n');
                });
        return table.toString();
    }

    private static String cell(@org.jspecify.annotations.Nullable List<String> users) {
        return users == null ? "refused" : users.size() == 2 ? "through" : "through as " + users.getFirst();
    }

    private String head(String first, String second) {
        String names = String.join(" | ", openAs.keySet());
        return "| %s | %s | %s |\n|---|---|%s\n".formatted(first, second, names, "---|".repeat(openAs.size()));
    }

    private Stream<Verdict> open() {
        return control.values().stream().filter(Verdict::open);
    }
}
