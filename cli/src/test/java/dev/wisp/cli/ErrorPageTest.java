package dev.wisp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.problem.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every error a user can meet points to a section of one page. */
class ErrorPageTest {

    private static final Path PAGE = Path.of("../docs/reference/errors.md");

    @Test
    void everyCodeHasASectionWithItsTitleAndStatusAndNoOtherHas() throws IOException {
        List<String> lines = Files.readAllLines(PAGE);
        List<String> sections = lines.stream()
                .filter(line -> line.matches("### E\\d{4}"))
                .map(line -> line.substring(4))
                .toList();

        assertThat(sections)
                .containsExactlyElementsOf(
                        Arrays.stream(ErrorCode.values()).map(ErrorCode::code).toList());
        for (ErrorCode code : ErrorCode.values()) {
            int heading = lines.indexOf("### " + code.code());
            assertThat(lines.get(heading + 2))
                    .as(code.code())
                    .isEqualTo("**%s** (HTTP %d)".formatted(code.title(), code.status()));
        }
    }
}
