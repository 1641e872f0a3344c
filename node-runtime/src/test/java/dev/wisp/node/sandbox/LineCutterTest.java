package dev.wisp.node.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LineCutterTest {

    private final List<String> lines = new ArrayList<>();
    private final LineCutter cutter = new LineCutter(line -> lines.add(new String(line, StandardCharsets.UTF_8)));

    @Test
    void cutsWhereverThePiecesEnd() {
        accept("fir");
        accept("st\nsec");
        accept("ond\n\nlast");
        cutter.end();

        assertThat(lines).containsExactly("first", "second", "", "last");
    }

    @Test
    void deliversALongLineInPieces() {
        accept("x".repeat(LineCutter.LINE_BYTES_MAX * 2 + 5) + "\n");

        assertThat(lines).extracting(String::length).containsExactly(8192, 8192, 5);
    }

    @Test
    void aLineOfExactlyTheBoundIsOnePiece() {
        accept("x".repeat(LineCutter.LINE_BYTES_MAX) + "\nnext\n");

        assertThat(lines).extracting(String::length).containsExactly(8192, 4);
    }

    @Test
    void losesAndInventsNothing() {
        for (long seed = 0; seed < 200; seed++) {
            lines.clear();
            Random random = new Random(seed);
            StringBuilder sent = new StringBuilder();
            for (int piece = 0; piece < 40; piece++) {
                String text = "abc\n".repeat(random.nextInt(4)) + "z".repeat(random.nextInt(700));
                sent.append(text);
                accept(text);
            }
            cutter.end();

            assertThat(String.join("", lines))
                    .as("seed %d", seed)
                    .isEqualTo(sent.toString().replace("\n", ""));
            assertThat(lines).as("seed %d", seed).allMatch(line -> line.length() <= LineCutter.LINE_BYTES_MAX);
        }
    }

    private void accept(String text) {
        cutter.accept(text.getBytes(StandardCharsets.UTF_8));
    }
}
