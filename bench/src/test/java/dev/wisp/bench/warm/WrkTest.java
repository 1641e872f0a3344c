package dev.wisp.bench.warm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.wisp.bench.report.BenchException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class WrkTest {

    @Test
    void readsWhatWrkPrints() {
        LoadRound round = Wrk.parse("""
                Running 1s test @ http://127.0.0.1:8080/
                  1 threads and 32 connections
                  Thread Stats   Avg      Stdev     Max   +/- Stdev
                    Latency   629.15us    1.30ms  25.88ms   96.31%
                    Req/Sec    70.31k     6.17k   79.32k    70.00%
                  Latency Distribution
                     50%  405.00us
                     75%  505.00us
                     90%    1.01ms
                     99%    6.42ms
                  69988 requests in 1.00s, 12.01MB read
                  Socket errors: connect 0, read 2, write 0, timeout 1
                  Non-2xx or 3xx responses: 4
                Requests/sec:  69941.80
                Transfer/sec:     12.01MB
                """);

        assertThat(round).isEqualTo(new LoadRound(69_988, 1.0, 405, 1_010, 6_420, 7, 0));
    }

    @Test
    void failsWhenNothingWasMeasured() {
        assertThatExceptionOfType(BenchException.class)
                .isThrownBy(() -> Wrk.parse("unable to connect to 127.0.0.1:1 Connection refused"))
                .withMessageContaining("Connection refused");
    }

    @Test
    void findsTheEndOfAnAnswer() {
        String head = "HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 12\r\n\r\n";

        assertThat(length(head)).isEqualTo(head.length() + 12);
        assertThat(length("HTTP/1.1 204 No Content\r\n\r\n")).isEqualTo(27);
        assertThat(length("HTTP/1.1 200 OK\r\nContent-Length: 12\r\n")).isZero();
    }

    private static int length(String text) {
        ByteBuffer answer = ByteBuffer.allocate(1_000);
        answer.put(text.getBytes(StandardCharsets.US_ASCII));
        return AnswerFrame.length(answer);
    }
}
