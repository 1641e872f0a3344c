package dev.wisp.bench.sandbox;

import dev.wisp.bench.report.BenchException;
import dev.wisp.node.linux.Descriptors;
import dev.wisp.node.linux.Kernel;
import dev.wisp.node.linux.Syscall;
import java.nio.charset.StandardCharsets;

/** Asks a server on a connected descriptor once. Thread-safe. */
final class FirstAnswer {

    private static final int F_SETFL = 4;
    private static final int O_RDWR = 2;
    private static final Question HTTP =
            new Question("GET / HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n", "HTTP/1.1 200 ");

    private final Kernel kernel = Kernel.load();
    private final Descriptors descriptors = new Descriptors(kernel);

    /** What is sent, and how a good answer begins; each character stands for a byte. */
    record Question(String request, String good) {}

    long awaitNanos(int socket) {
        return awaitNanos(socket, HTTP);
    }

    /** Waits for the first bytes of the answer, which must be a success, and returns when they came, as {@link System#nanoTime}. Closes the descriptor. */
    long awaitNanos(int socket, Question question) {
        try {
            kernel.call("blocking", Syscall.FCNTL, socket, F_SETFL, O_RDWR);
            descriptors.write(socket, question.request().getBytes(StandardCharsets.ISO_8859_1));
            byte[] answer = descriptors.readSome(socket);
            long now = System.nanoTime();
            String text = answer == null ? "nothing" : new String(answer, StandardCharsets.ISO_8859_1);
            if (answer == null || !text.startsWith(question.good())) {
                throw new BenchException("the server answered: " + text);
            }
            return now;
        } finally {
            descriptors.close(socket);
        }
    }
}
