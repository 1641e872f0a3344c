package dev.wisp.bench.load;

import dev.wisp.bench.http.HttpConnection;
import dev.wisp.bench.http.HttpConnection.NoAnswerException;
import dev.wisp.bench.platform.BenchService;
import dev.wisp.bench.platform.Platform;
import dev.wisp.bench.report.BenchException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** One load against a service that is at zero when it begins. */
final class LoadRun {

    private static final Duration ZERO_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration CRASH_EVERY = Duration.ofSeconds(1);

    private final Platform platform;
    private final BenchService service;
    private final InetSocketAddress gateway;
    private final int workMillis;
    private final int callers;
    private int crashed;

    LoadRun(Platform platform, BenchService service, int workMillis, int callers) {
        this.platform = platform;
        this.service = service;
        this.gateway = HttpConnection.address(platform.gateway());
        this.workMillis = workMillis;
        this.callers = callers;
    }

    /** What came of it; {@code crashed} instances were ended on purpose. */
    record Outcome(String name, Duration time, List<Call> calls, List<Scale> scale, int crashed) {}

    Outcome calm(LoadShape shape, Duration time) throws InterruptedException {
        awaitZero();
        try (ScaleWatch watch = ScaleWatch.start(platform, service)) {
            List<Call> calls = new Callers(gateway, service.host(), workMillis, callers).run(shape, time);
            return new Outcome(shape.title(), time, calls, watch.seen(), 0);
        }
    }

    /** In the middle third a new revision is rolled out, and an instance crashes every second. */
    Outcome troubled(LoadShape shape, Duration time) throws InterruptedException {
        awaitZero();
        crashed = 0;
        try (ScaleWatch watch = ScaleWatch.start(platform, service)) {
            Thread trouble = Thread.ofPlatform().name("trouble").start(() -> trouble(time));
            List<Call> calls = new Callers(gateway, service.host(), workMillis, callers).run(shape, time);
            trouble.join();
            return new Outcome(shape.title() + " with trouble", time, calls, watch.seen(), crashed);
        }
    }

    private void trouble(Duration time) {
        try {
            Thread.sleep(time.dividedBy(3));
            Thread rollout = Thread.ofPlatform()
                    .name("rollout")
                    .start(() -> service.rollOut(Map.of("LOG", "off", "VERSION", "2")));
            long crashes = time.dividedBy(3).dividedBy(CRASH_EVERY);
            for (long i = 0; i < crashes; i++) {
                crash();
                Thread.sleep(CRASH_EVERY);
            }
            rollout.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The workload ends its process instead of answering; a POST, so that nobody asks a second one. */
    private void crash() {
        byte[] request = "POST /exit?code=1 HTTP/1.1\r\nHost: %s\r\nContent-Length: 0\r\n\r\n"
                .formatted(service.host())
                .getBytes(StandardCharsets.US_ASCII);
        try (HttpConnection connection = new HttpConnection(gateway)) {
            if (connection.exchange(request).status() == 502) {
                crashed++;
            }
        } catch (NoAnswerException e) {
            throw new BenchException("no answer to a call that ends its instance", e);
        }
    }

    private void awaitZero() throws InterruptedException {
        long end = System.nanoTime() + ZERO_TIMEOUT.toNanos();
        for (Scale now = ScaleWatch.now(platform, service, 0);
                now.desired() + now.ready() > 0;
                now = ScaleWatch.now(platform, service, 0)) {
            if (System.nanoTime() > end) {
                throw new BenchException("the service is not at zero after %s: %s".formatted(ZERO_TIMEOUT, now));
            }
            Thread.sleep(POLL);
        }
    }
}
