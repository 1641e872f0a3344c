package dev.wisp.node.escape;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every probe runs three times: with the guards off, inside as root, inside as a plain user. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
final class EscapeIT {

    /** Some fifty more get through without guards on the kernels that were looked at. */
    private static final int PROBES_MIN = 250;
    /** The row of those that are meant to be killed, or to find no room. */
    private static final String EXHAUSTION = "S13";

    private static final List<Verdict> CONTROL = new ArrayList<>();
    private static final List<Verdict> AS_ROOT = new ArrayList<>();
    private static final List<Verdict> AS_USER = new ArrayList<>();

    @BeforeAll
    static void attempt(@TempDir Path folder) throws IOException {
        Cell.assumePossible();
        ProbeImage image = ProbeImage.build(folder);
        try (Quarry quarry = new Quarry(image, folder);
                Cell cell = new Cell(folder)) {
            Control control = new Control(image, Files.createDirectory(folder.resolve("scratch")), quarry.parameters());
            for (String program : ProbeImage.PROGRAMS) {
                CONTROL.addAll(control.run(program));
                AS_ROOT.addAll(cell.run(image, program, "", quarry.parameters()));
                AS_USER.addAll(cell.run(image, program, "1000:1000", quarry.parameters()));
            }
        }
        report();
    }

    @Test
    void nothingGetsThroughAsRootInside() {
        assertThat(names(AS_ROOT)).isEqualTo(names(CONTROL));
        assertThat(AS_ROOT).filteredOn(Verdict::open).isEmpty();
    }

    @Test
    void nothingGetsThroughAsPlainUser() {
        assertThat(names(AS_USER)).isEqualTo(names(CONTROL));
        assertThat(AS_USER).filteredOn(Verdict::open).isEmpty();
    }

    /**
     * One that was killed or had no room was refused by no guard; unless it ends so without guards too, as some kernels end who takes i386's
     * way in.
     */
    @Test
    void whatIsRefusedIsRefusedByAGuard() {
        List<String> without =
                CONTROL.stream().filter(Verdict::cutShort).map(Verdict::key).toList();
        assertThat(Stream.concat(AS_ROOT.stream(), AS_USER.stream()))
                .filteredOn(verdict -> verdict.cutShort() && !verdict.row().equals(EXHAUSTION))
                .filteredOn(verdict -> !without.contains(verdict.key()))
                .isEmpty();
    }

    /** Else a whole row of threats could lose its controls. */
    @Test
    void someOfEveryRowGetThroughWithoutGuards() {
        Set<String> rows = CONTROL.stream().map(Verdict::row).collect(Collectors.toSet());
        assertThat(CONTROL.stream().filter(Verdict::open).map(Verdict::row).collect(Collectors.toSet()))
                .isEqualTo(rows);
    }

    /** A probe that fails without guards too proves nothing; which ones those are depends on the kernel, how many there may be does not. */
    @Test
    void enoughProbesGetThroughWithoutGuards() {
        assertThat(CONTROL.stream().filter(Verdict::open).count()).isGreaterThanOrEqualTo(PROBES_MIN);
    }

    /** For people, who will ask what was refused how. */
    private static void report() throws IOException {
        StringBuilder text = new StringBuilder("row\tprobe\twithout guards\tas root\tas user\n");
        for (int i = 0; i < CONTROL.size(); i++) {
            Verdict control = CONTROL.get(i);
            text.append("%s\t%s\t%s\t%s\t%s%n"
                    .formatted(
                            control.row(),
                            control.name(),
                            control.text(),
                            AS_ROOT.get(i).text(),
                            AS_USER.get(i).text()));
        }
        Files.writeString(Files.createDirectories(Path.of("target")).resolve("escape.tsv"), text);
    }

    private static List<String> names(List<Verdict> verdicts) {
        return verdicts.stream().map(Verdict::key).toList();
    }
}
