package dev.wisp.node.metering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.contracts.invocation.InvocationRecord;
import dev.wisp.contracts.invocation.Outcome;
import dev.wisp.node.fake.FakeContainer;
import dev.wisp.node.fake.FakeNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An answer that is longer than what its budget pays for. */
class PaidAnswerTest {

    private static final int LENGTH = 4 << 20;
    private static final String ASK = "GET /long HTTP/1.1\r\nHost: hello\r\nConnection: close\r\n\r\n";

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(ProxyFixture.Front.class)
    void breaksOffAndIsBilledAsFarAsItWent(ProxyFixture.Front front) throws Exception {
        try (FakeContainer container = longAnswer();
                ProxyFixture fixture = new ProxyFixture(folder, container, FakeNode.hello(0, 60_000, 0), front)) {
            PaidFunds funds = new PaidFunds(1 << 20, Long.MAX_VALUE);
            fixture.funds = funds;

            String answer = fixture.raw(ASK);

            InvocationRecord record = fixture.onlyRecord();
            assertThat(answer.length()).isBetween(1, (1 << 20) + 1_000);
            assertThat(record.bytesOut()).isBetween((1 << 20) - (128L << 10), 1L << 20);
            assertThat(record.outcome()).isEqualTo(Outcome.CLIENT_GONE);
            assertThat(record.status()).isEqualTo(200);
            assertThat(funds.out()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(ProxyFixture.Front.class)
    void isWholeWhenItIsPaidFor(ProxyFixture.Front front) throws Exception {
        try (FakeContainer container = longAnswer();
                ProxyFixture fixture = new ProxyFixture(folder, container, FakeNode.hello(0, 60_000, 0), front)) {
            PaidFunds funds = new PaidFunds(LENGTH, Long.MAX_VALUE);
            fixture.funds = funds;

            assertThat(fixture.raw(ASK)).hasSizeGreaterThan(LENGTH);
            assertThat(fixture.onlyRecord().bytesOut()).isEqualTo(LENGTH);
            assertThat(funds.out()).isFalse();
        }
    }

    private static FakeContainer longAnswer() throws Exception {
        return new FakeContainer((head, in, out) -> {
            out.write(
                    ("HTTP/1.1 200 OK\r\nContent-Length: " + LENGTH + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(new byte[LENGTH]);
            out.flush();
            return false;
        });
    }
}
