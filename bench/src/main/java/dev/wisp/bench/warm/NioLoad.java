package dev.wisp.bench.warm;

import dev.wisp.bench.http.HttpConnection;
import dev.wisp.bench.report.BenchException;
import dev.wisp.bench.statistic.Samples;
import dev.wisp.bench.statistic.Series;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** Load where wrk is not installed: one selector, fixed buffers. Takes about twice wrk's processor time. */
final class NioLoad implements LoadGenerator {

    private static final int SELECT_MILLIS = 100;

    private final int connections;

    NioLoad(int connections) {
        this.connections = connections;
    }

    @Override
    public String name() {
        return "a Java selector, one thread (apt-get install wrk takes less from what is measured)";
    }

    @Override
    public LoadRound run(InetSocketAddress address, String host, int seconds) {
        ByteBuffer request = ByteBuffer.wrap(HttpConnection.get(host, "/"));
        Samples samples = new Samples();
        long failures = 0;
        long start = System.nanoTime();
        long end = start + seconds * 1_000_000_000L;
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < connections; i++) {
                open(selector, address).send(request);
            }
            while (System.nanoTime() < end) {
                selector.select(SELECT_MILLIS);
                for (SelectionKey key : selector.selectedKeys()) {
                    Exchange exchange = (Exchange) key.attachment();
                    if (exchange.isAnswered()) {
                        failures += exchange.isSuccess() ? 0 : 1;
                        samples.add(exchange.micros());
                        exchange.send(request);
                    }
                }
                selector.selectedKeys().clear();
            }
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
        } catch (IOException e) {
            throw new BenchException("load on %s broke off: %s".formatted(address, e), e);
        }
        Series series = samples.series("");
        return new LoadRound(
                series.n(),
                (System.nanoTime() - start) / 1e9,
                series.p50Micros(),
                series.p90Micros(),
                series.p99Micros(),
                failures,
                0);
    }

    private static Exchange open(Selector selector, InetSocketAddress address) throws IOException {
        SocketChannel channel = SocketChannel.open(address);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.configureBlocking(false);
        Exchange exchange = new Exchange(channel);
        channel.register(selector, SelectionKey.OP_READ, exchange);
        return exchange;
    }

    /** One connection with one request under way; answers must be small and have a Content-Length. */
    private static final class Exchange {
        private static final int ANSWER_BYTES_MAX = 16 << 10;

        private final SocketChannel channel;
        private final ByteBuffer answer = ByteBuffer.allocateDirect(ANSWER_BYTES_MAX);
        private long sentNanos;

        private Exchange(SocketChannel channel) {
            this.channel = channel;
        }

        private void send(ByteBuffer request) throws IOException {
            answer.clear();
            sentNanos = System.nanoTime();
            if (channel.write(request.duplicate()) < request.limit()) {
                throw new IOException("a request did not fit into the socket's buffer");
            }
        }

        private boolean isAnswered() throws IOException {
            if (channel.read(answer) < 0) {
                throw new IOException("the server closed a connection");
            }
            int length = AnswerFrame.length(answer);
            return length > 0 && answer.position() >= length;
        }

        private boolean isSuccess() {
            return answer.get("HTTP/1.1 ".length()) == '2';
        }

        private long micros() {
            return (System.nanoTime() - sentNanos) / 1_000;
        }
    }
}
