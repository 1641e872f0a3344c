package dev.wisp.node.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.wisp.node.linux.seccomp.SeccompFilter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The code and the numbers for aarch64, without such a machine: an assembler says what the listing means, the kernel's headers what the numbers are, and an
 * emulator of user programs walks tables. It has neither {@code clone3} nor filters; {@code docs/sandbox.md} says what stays unproven.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class Aarch64IT {

    private static final String COMPILER = "aarch64-linux-gnu-gcc";
    private static final String EMULATOR = "qemu-aarch64-static";

    @TempDir
    private static Path folder;

    @BeforeAll
    static void tools() throws Exception {
        assumeTrue(
                runs(COMPILER, "--version") && runs(EMULATOR, "--version"),
                "no tools for aarch64: apt-get install gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user-static");
    }

    @Test
    void listingIsWhatAnAssemblerMakesOfIt() throws Exception {
        Files.writeString(folder.resolve("listing.s"), Aarch64.source());

        run(COMPILER, "-c", "-o", "listing.o", "listing.s");
        run("aarch64-linux-gnu-objcopy", "-O", "binary", "-j", ".text", "listing.o", "listing.bin");

        assertThat(HexFormat.of().formatHex(Files.readAllBytes(folder.resolve("listing.bin"))))
                .isEqualTo(HexFormat.of().formatHex(new Aarch64().code()));
    }

    @Test
    void tablesAreWalkedAsOnTheOtherArchitecture() throws Exception {
        Files.writeString(folder.resolve("trampoline.h"), header());
        try (InputStream in = Aarch64IT.class.getResourceAsStream("trampoline.c")) {
            Files.write(
                    folder.resolve("trampoline.c"), Objects.requireNonNull(in).readAllBytes());
        }
        run(COMPILER, "-static", "-O1", "-Wall", "-Werror", "-o", "trampoline", "trampoline.c");

        List<String> lines =
                run(EMULATOR, folder.resolve("trampoline").toString()).lines().toList();

        assertThat(lines)
                .contains(
                        "good: 23 -2 -2 -9 -9 0 0 exit 7 failed -1 stamped 1",
                        "bad: 23 -2 0 exit 127 failed 1 stamped 1",
                        "clock: 1",
                        "done")
                // Back in the caller with the error of a call that the emulator lacks.
                .contains("spawn: -38");
    }

    private static String header() {
        Aarch64 architecture = new Aarch64();
        String code = bytes(architecture.code());
        String filter = SeccompFilter.encode(architecture).stream()
                .map("0x%xULL"::formatted)
                .collect(Collectors.joining(","));
        String numbers = Stream.of(Syscall.values())
                .map(call -> "#ifdef __NR_%1$s%n_Static_assert(__NR_%1$s == %2$d, \"%1$s\");%n#endif%n"
                        .formatted(call.text(), call.aarch64()))
                .collect(Collectors.joining());
        return """
                static const unsigned char code[] = {%s};
                static const unsigned long long filter[] = {%s};
                enum { SPAWN_OFFSET = %d, CLOCK_OFFSET = %d, CHILD_OFFSET = %d, HEADER_BYTES = %d, ROW_BYTES = %d,
                  NUMBER = %d, ARGUMENTS = %d, FLAGS = %d, EXCUSED = %d, RESULT = %d, STAMP = %d, FAILED_ROW = %d,
                  START_GATE = %d, TID_WORD = %d, PIDFD = %d, FLAG_GATE = %d, FLAG_PREVIOUS = %d,
                  DIRECTORY_FLAG = %d, NO_FOLLOW_FLAG = %d };
                #define AUDIT_NAME 0x%xU
                """.formatted(
                                code,
                                filter,
                                architecture.spawnOffset(),
                                architecture.clockOffset(),
                                Aarch64.offsetOf("child"),
                                TableLayout.HEADER_BYTES,
                                TableLayout.ROW_BYTES,
                                TableLayout.NUMBER,
                                TableLayout.ARGUMENTS,
                                TableLayout.FLAGS,
                                TableLayout.EXCUSED,
                                TableLayout.RESULT,
                                TableLayout.STAMP,
                                TableLayout.FAILED_ROW,
                                TableLayout.START_GATE,
                                TableLayout.TID_WORD,
                                TableLayout.PIDFD,
                                TableLayout.FLAG_GATE,
                                TableLayout.FLAG_PREVIOUS,
                                architecture.directoryFlag(),
                                architecture.noFollowFlag(),
                                architecture.auditName())
                + numbers;
    }

    private static String bytes(byte[] code) {
        return HexFormat.ofDelimiter(",").withPrefix("0x").formatHex(code);
    }

    private static boolean runs(String... command) throws Exception {
        try {
            run(command);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
