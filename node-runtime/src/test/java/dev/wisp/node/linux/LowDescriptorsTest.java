package dev.wisp.node.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LowDescriptorsTest {

    private final Descriptors descriptors = new Descriptors(Kernel.load());
    private final LowDescriptors low = new LowDescriptors(descriptors);

    @AfterEach
    void close() {
        low.close();
    }

    @Test
    void whatIsLentIsTheSameFileUnderANumberReservedBefore() {
        Descriptors.Pipe pipe = descriptors.pipe();

        LowDescriptors.Lent lent = low.lend(pipe.writeEnd());
        descriptors.write(lent.number(), "here".getBytes(StandardCharsets.US_ASCII));

        assertThat(lent.number()).isLessThan(pipe.readEnd());
        assertThat(descriptors.readSome(pipe.readEnd())).asString().isEqualTo("here");
        lent.giveBack();
        descriptors.close(pipe.readEnd());
    }

    @Test
    void whatIsGivenBackIsClosed() {
        Descriptors.Pipe pipe = descriptors.pipe();

        low.lend(pipe.writeEnd()).giveBack();

        assertThat(descriptors.readSome(pipe.readEnd())).as("end of the pipe").isEmpty();
        descriptors.close(pipe.readEnd());
    }

    @Test
    void whoComesWhenAllAreLentKeepsTheNumber() {
        List<LowDescriptors.Lent> all = IntStream.range(0, LowDescriptors.RESERVED)
                .mapToObj(_ -> low.lend(nothing()))
                .toList();
        int late = nothing();

        LowDescriptors.Lent kept = low.lend(late);
        all.forEach(LowDescriptors.Lent::giveBack);
        LowDescriptors.Lent next = low.lend(nothing());

        assertThat(kept.number()).isEqualTo(late);
        assertThat(next.number())
                .isIn(all.stream().map(LowDescriptors.Lent::number).toList());
        kept.giveBack();
        next.giveBack();
    }

    private int nothing() {
        return descriptors.open("/dev/null", Named.O_RDONLY, 0);
    }
}
