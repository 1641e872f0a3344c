package dev.wisp.bench.peer;

import dev.wisp.bench.http.HttpAnswer;
import dev.wisp.bench.http.HttpConnection;
import dev.wisp.bench.http.HttpConnection.NoAnswerException;
import dev.wisp.bench.report.BenchException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Waits for a server that is being started. The waits between tries are what a measurement may be too long by. */
final class FirstResponse {

    static final int PORT = 8080;
    /** In the network of whoever asks. */
    static final InetSocketAddress LOOPBACK = new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT);

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final long PAUSE_NANOS = 20_000;
    /**
     * On a loopback that is up, connecting is over at once. On one that has its address but is not up yet, which bubblewrap's is for a moment, the kernel drops the first
     * packet and sends it again after a second, which would be measured.
     */
    private static final int CONNECT_TIMEOUT_MILLIS = 1;

    private static final Pattern DIGITS = Pattern.compile("\\d+");
    private static final byte[] REQUEST = HttpConnection.get("localhost", "/");

    private FirstResponse() {}

    /** The first number in a file, once there is one. */
    static long awaitPid(Path file) {
        long end = System.nanoTime() + TIMEOUT.toNanos();
        while (System.nanoTime() < end) {
            try {
                Matcher digits = DIGITS.matcher(Files.readString(file));
                if (digits.find()) {
                    return Long.parseLong(digits.group());
                }
            } catch (IOException e) {
                // Not there yet.
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        throw new BenchException("no process id appeared in %s within %d s".formatted(file, TIMEOUT.toSeconds()));
    }

    /** Connects until somebody listens, and asks; returns when the answer's first byte came, as {@link System#nanoTime}. */
    static long awaitFirstByteNanos(InetSocketAddress address) {
        long end = System.nanoTime() + TIMEOUT.toNanos();
        try (HttpConnection connection = new HttpConnection(address, CONNECT_TIMEOUT_MILLIS)) {
            while (System.nanoTime() < end) {
                long start = System.nanoTime();
                try {
                    HttpAnswer answer = connection.exchange(REQUEST);
                    return start + answer.firstByteMicros() * 1_000;
                } catch (NoAnswerException e) {
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
        }
        throw new BenchException("nothing listened on %s within %d s".formatted(address, TIMEOUT.toSeconds()));
    }
}
