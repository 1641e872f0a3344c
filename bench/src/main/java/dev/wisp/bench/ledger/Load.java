package dev.wisp.bench.ledger;

import dev.wisp.bench.http.HttpAnswer;
import dev.wisp.bench.http.HttpConnection;
import dev.wisp.bench.http.HttpConnection.NoAnswerException;
import dev.wisp.bench.report.BenchException;
import dev.wisp.bench.statistic.Samples;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Several clients that call until there are enough whole answers and nobody holds them, and go on when the platform is away. */
final class Load {

    /** Short and long, small and large, so that a kill finds calls in every state. */
    private static final List<String> PATHS =
            List.of("/", "/burn?ms=1", "/sleep?ms=5", "/big?bytes=1000", "/big?bytes=300000", "/");

    private static final Duration RETRY = Duration.ofMillis(20);

    private final InetSocketAddress gateway;
    private final String host;
    private final long wanted;
    private final AtomicLong whole = new AtomicLong();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final List<Thread> threads = new ArrayList<>();
    private final List<Path> logs = new ArrayList<>();
    private final List<Samples> samples = new ArrayList<>();
    private volatile boolean stopping;
    private volatile boolean held;

    Load(InetSocketAddress gateway, String host, long wanted) {
        this.gateway = gateway;
        this.host = host;
        this.wanted = wanted;
    }

    void start(int clients, Path folder) {
        for (int i = 0; i < clients; i++) {
            int client = i;
            Path log = folder.resolve("client-%d.log".formatted(i));
            Samples own = new Samples();
            logs.add(log);
            samples.add(own);
            threads.add(Thread.ofPlatform().name("client-" + i).start(() -> runClient(client, log, own)));
        }
    }

    /** Whether clients go on though there are enough answers: what happens to the platform is not over. */
    void hold(boolean held) {
        this.held = held;
    }

    /** Answers that came whole so far; fails when a client did. */
    long whole() {
        Throwable failed = failure.get();
        if (failed != null) {
            throw new BenchException("a client failed: " + failed, failed);
        }
        return whole.get();
    }

    void join() throws InterruptedException {
        for (Thread thread : threads) {
            thread.join();
        }
        whole();
    }

    void stop() {
        stopping = true;
    }

    /** What all clients saw, from their logs. */
    List<Attempt> attempts() {
        List<Attempt> attempts = new ArrayList<>();
        try {
            for (Path log : logs) {
                attempts.addAll(ClientLog.read(log));
            }
        } catch (IOException e) {
            throw new BenchException("cannot read a client's log: " + e, e);
        }
        return attempts;
    }

    Samples samples() {
        Samples all = new Samples();
        samples.forEach(all::addAll);
        return all;
    }

    private void runClient(int client, Path file, Samples own) {
        try (ClientLog log = new ClientLog(file);
                HttpConnection connection = new HttpConnection(gateway)) {
            for (int call = client; (held || whole.get() < wanted) && !stopping; call++) {
                Attempt attempt = call(connection, PATHS.get(call % PATHS.size()), own);
                log.add(attempt);
                if (LedgerCheck.isAnswered(attempt)) {
                    whole.incrementAndGet();
                } else {
                    Thread.sleep(RETRY);
                }
            }
        } catch (IOException | RuntimeException e) {
            failure.compareAndSet(null, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Attempt call(HttpConnection connection, String path, Samples own) {
        long fromMillis = System.currentTimeMillis();
        try {
            HttpAnswer answer = connection.exchange(HttpConnection.get(host, path));
            own.add(answer.totalMicros());
            return Attempt.of(answer, since(fromMillis));
        } catch (NoAnswerException e) {
            return Attempt.unanswered(e.isSent(), since(fromMillis));
        } catch (UncheckedIOException e) {
            return Attempt.unanswered(true, since(fromMillis));
        }
    }

    private static Attempt.Span since(long fromMillis) {
        return new Attempt.Span(fromMillis, System.currentTimeMillis());
    }
}
