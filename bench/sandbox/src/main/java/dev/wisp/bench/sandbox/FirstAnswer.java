package dev.wisp.bench.sandbox;

import dev.wisp.bench.report.BenchException;
import dev.wisp.node.linux.Descriptors;
import dev.wisp.node.linux.Kernel;
import dev.wisp.node.linux.NativeMemory;
import dev.wisp.node.linux.Syscall;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Asks a server on a connected descriptor once. Thread-safe. */
final class FirstAnswer {

    private static final int F_SETFL = 4;
    private static final int O_RDWR = 2;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVTIMEO = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int TIME_BYTES = 16;
    private static final Question HTTP =
            new Question("GET / HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n", "HTTP/1.1 200 ");

    private final Kernel kernel = Kernel.load();
    private final Descriptors descriptors = new Descriptors(kernel);
    /** Seconds and microseconds. */
    private final NativeMemory patience = kernel.map(TIME_BYTES);

    FirstAnswer() {
        patience.putLong(0, PATIENCE.toSeconds());
    }

    /** What is sent, and how a good answer begins; each character stands for a byte. */
    record Question(String request, String good) {}

    long awaitNanos(int socket) {
        return awaitNanos(socket, HTTP);
    }

    /**
     * Waits for the first bytes of the answer, which must be a success and come within half a minute, and returns when they came, as {@link System#nanoTime}. Closes
     * the descriptor.
     */
    long awaitNanos(int socket, Question question) {
        try {
            kernel.call("blocking", Syscall.FCNTL, socket, F_SETFL, O_RDWR);
            kernel.call(
                    "patience", Syscall.SETSOCKOPT, socket, SOL_SOCKET, SO_RCVTIMEO, patience.address(), TIME_BYTES, 0);
            descriptors.write(socket, question.request().getBytes(StandardCharsets.ISO_8859_1));
            byte[] answer = descriptors.readSome(socket);
            long now = System.nanoTime();
            if (answer == null) {
                throw new BenchException("the server does not answer within %s".formatted(PATIENCE));
            }
            String text = new String(answer, StandardCharsets.ISO_8859_1);
            if (!text.startsWith(question.good())) {
                throw new BenchException(
                        text.isEmpty() ? "the server closed without an answer" : "the server answered: " + text);
            }
            return now;
        } finally {
            descriptors.close(socket);
        }
    }
}
