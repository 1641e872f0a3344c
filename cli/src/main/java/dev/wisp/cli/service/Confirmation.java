package dev.wisp.cli.service;

import dev.wisp.cli.console.Console;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Asks before something is destroyed. */
final class Confirmation {

    private static final int ANSWER_BYTES_MAX = 64;

    private Confirmation() {}

    /** Whether standard input is a terminal, as the launcher found. */
    static boolean canAsk() {
        return System.getProperty("wisp.terminals", "").contains("0");
    }

    static boolean ask(Console console, String question) {
        console.prompt(question);
        try {
            byte[] answer = new byte[ANSWER_BYTES_MAX];
            int count = System.in.read(answer);
            String text = count < 0 ? "" : new String(answer, 0, count, StandardCharsets.UTF_8);
            return text.strip().toLowerCase(Locale.ROOT).matches("y|yes");
        } catch (IOException e) {
            return false;
        }
    }
}
