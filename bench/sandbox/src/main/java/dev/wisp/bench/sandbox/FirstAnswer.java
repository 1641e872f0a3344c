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
    private static final byte[] REQUEST =
            "GET / HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] GOOD = "HTTP/1.1 200 ".getBytes(StandardCharsets.US_ASCII);

    private final Kernel kernel = Kernel.load();
    private final Descriptors descriptors = new Descriptors(kernel);

    /** Waits for the first bytes of the answer, which must be a success, and returns when they came, as {@link System#nanoTime}. Closes the descriptor. */
    long awaitNanos(int socket) {
        try {
            kernel.call("blocking", Syscall.FCNTL, socket, F_SETFL, O_RDWR);
            descriptors.write(socket, REQUEST);
            byte[] answer = descriptors.readSome(socket);
            long now = System.nanoTime();
            if (answer == null || !startsWith(answer)) {
                throw new BenchException("the server answered: "
                        + (answer == null ? "nothing" : new String(answer, StandardCharsets.ISO_8859_1)));
            }
            return now;
        } finally {
            descriptors.close(socket);
        }
    }

    private static boolean startsWith(byte[] answer) {
        return answer.length >= GOOD.length && java.util.Arrays.equals(answer, 0, GOOD.length, GOOD, 0, GOOD.length);
    }
}
