package dev.wisp.node.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.node.linux.Descriptors;
import dev.wisp.node.linux.Kernel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CounterFileTest {

    @TempDir
    Path folder;

    @Test
    void takesTheFirstNumberWithOrWithoutAName() {
        assertThat(firstNumber("123456789012\n")).isEqualTo(123_456_789_012L);
        assertThat(firstNumber("usage_usec 77\nuser_usec 5\n")).isEqualTo(77);
        assertThat(firstNumber("")).isZero();
    }

    @Test
    void readsWhatTheFileSaysNow() throws IOException {
        Path file = folder.resolve("usage");
        Files.writeString(file, "100\n");
        try (CounterFile counter = counter(file)) {
            long before = counter.read();
            Files.writeString(file, "250\n");

            assertThat(before).isEqualTo(100);
            assertThat(counter.read()).isEqualTo(250);
        }
    }

    @Test
    void readsOnAfterAnInterruptClosedItsChannel() throws IOException {
        Path file = folder.resolve("usage");
        Files.writeString(file, "42\n");
        try (CounterFile counter = counter(file)) {
            Thread.currentThread().interrupt();
            long interrupted = counter.read();

            assertThat(Thread.interrupted()).isTrue();
            assertThat(interrupted).isEqualTo(42);
            assertThat(counter.read()).isEqualTo(42);
        }
    }

    @Test
    void holdsADescriptorOnlyWhileItIsReadOften() throws IOException {
        Path file = folder.resolve("usage");
        Files.writeString(file, "42\n");
        try (CounterFile counter = counter(file)) {
            counter.read();
            counter.read();
            boolean heldByTwoReads = isHeld(file);
            counter.read();
            boolean heldByThree = isHeld(file);
            counter.rest();

            assertThat(heldByTwoReads).isFalse();
            assertThat(heldByThree).isTrue();
            assertThat(isHeld(file)).isFalse();
            assertThat(counter.read()).isEqualTo(42);
        }
    }

    private static boolean isHeld(Path file) throws IOException {
        Path real = file.toRealPath();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.anyMatch(descriptor -> real.toString().equals(target(descriptor)));
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            // The one that the list itself was read from.
            return "";
        }
    }

    @Test
    void isZeroForAFileThatIsNotThere() {
        try (CounterFile counter = counter(folder.resolve("none"))) {
            assertThat(counter.read()).isZero();
        }
    }

    private static CounterFile counter(Path file) {
        return new CounterFile(new Descriptors(Kernel.load()), file.toString());
    }

    private static long firstNumber(String text) {
        return CounterFile.firstNumber(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }
}
