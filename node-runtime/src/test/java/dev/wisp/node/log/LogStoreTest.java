package dev.wisp.node.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.revision.RevisionId;
import dev.wisp.node.sandbox.OutputSink;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogStoreTest {

    private static final RevisionId HELLO = new RevisionId("default", "hello-00001");
    private static final RevisionId OTHER = new RevisionId("default", "other-00001");

    @Test
    void printsTimeInstanceStreamAndText() {
        LogStore logs = store(10, 1_000_000);

        logs.sink(HELLO, "hello-00001-ab12").line(OutputSink.Stream.STDERR, 1_793_534_400_000_123L, bytes("ready"));

        assertThat(logs.tail(HELLO, 10)).containsExactly("2026-11-01T12:00:00.000123Z hello-00001-ab12 stderr | ready");
    }

    @Test
    void makesControlCharactersHarmless() {
        LogStore logs = store(10, 1_000_000);

        logs.sink(HELLO, "i").line(OutputSink.Stream.STDOUT, 0, bytes("a\u001b[2Jb\r\nc\td\u202ee\u009b"));

        assertThat(logs.tail(HELLO, "i", 10)).containsExactly("a\\x1b[2Jb\\x0d\\x0ac\td\\u202ee\\x9b");
    }

    @Test
    void keepsTheNewestLines() {
        LogStore logs = store(3, 1_000_000);
        OutputSink sink = logs.sink(HELLO, "i");

        for (int i = 0; i < 10; i++) {
            sink.line(OutputSink.Stream.STDOUT, i, bytes("line " + i));
        }

        assertThat(logs.tail(HELLO, "i", 100)).containsExactly("line 7", "line 8", "line 9");
        assertThat(logs.tail(HELLO, "i", 1)).containsExactly("line 9");
    }

    @Test
    void dropsWhoeverWasSilentLongestWhenTheNodeIsFull() {
        LogStore logs = store(1_000, 2_000);
        logs.sink(OTHER, "o").line(OutputSink.Stream.STDOUT, 1, bytes("x".repeat(500)));
        OutputSink sink = logs.sink(HELLO, "i");

        for (int i = 0; i < 10; i++) {
            sink.line(OutputSink.Stream.STDOUT, 2 + i, bytes("y".repeat(100)));
        }

        assertThat(logs.tail(OTHER, 10)).isEmpty();
        assertThat(logs.tail(HELLO, 100)).hasSize(10);
    }

    @Test
    void tellsFollowersWhatWasAndWhatComesWithoutGapOrRepeat() {
        LogStore logs = store(100, 1_000_000);
        OutputSink sink = logs.sink(HELLO, "i");
        sink.line(OutputSink.Stream.STDOUT, 0, bytes("before"));
        List<String> heard = new ArrayList<>();

        Runnable end = logs.follow(HELLO, 10, heard::add);
        sink.line(OutputSink.Stream.STDOUT, 1, bytes("after"));
        assertThat(end).isNotNull();
        if (end != null) {
            end.run();
        }
        sink.line(OutputSink.Stream.STDOUT, 2, bytes("unheard"));

        assertThat(heard).hasSize(2);
        assertThat(heard.getFirst()).endsWith("before");
        assertThat(heard.getLast()).endsWith("after");
    }

    @Test
    void boundsHowManyFollow() {
        LogStore logs = store(100, 1_000_000);
        Runnable first = logs.follow(HELLO, 0, line -> {});
        Runnable second = logs.follow(HELLO, 0, line -> {});

        assertThat(first).isNotNull();
        assertThat(second).isNotNull();
        assertThat(logs.follow(HELLO, 0, line -> {})).isNull();
    }

    private static LogStore store(int lines, long nodeBytes) {
        return new LogStore(new LogLimits(1_000_000, lines, nodeBytes, 2, 10));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
