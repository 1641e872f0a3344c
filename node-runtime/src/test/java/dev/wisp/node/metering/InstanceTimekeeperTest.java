package dev.wisp.node.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.wisp.contracts.invocation.InstanceTime;
import dev.wisp.node.fake.FakeContainer;
import dev.wisp.node.fake.FakeNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class InstanceTimekeeperTest {

    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    @TempDir
    private Path folder;

    @Test
    void recordsWhatAnInstanceHadOnceAPeriodAndAtItsEnd() throws Exception {
        try (FakeContainer container = new FakeContainer((head, in, out) -> {
                    out.write(HELLO.getBytes(StandardCharsets.ISO_8859_1));
                    return true;
                });
                ProxyFixture fixture = new ProxyFixture(folder, container, FakeNode.hello(0, 60_000, 0))) {
            fixture.get("/");
            fixture.timekeeper.runOnce();
            fixture.get("/");
            fixture.timekeeper.runOnce();
            fixture.agent.close();

            await().until(() -> fixture.times.size() >= 3);
            List<InstanceTime> times = fixture.times;
            assertThat(times)
                    .extracting(InstanceTime::instanceId)
                    .containsOnly(times.getFirst().instanceId());
            assertThat(times).extracting(InstanceTime::timeId).doesNotHaveDuplicates();
            assertThat(times).extracting(InstanceTime::period).startsWith(1L, 2L);
            assertThat(times.getFirst().startMicros()).isPositive();
            assertThat(times.getFirst().busyMicros()).isPositive();
            assertThat(times.get(1).startMicros()).isZero();
            assertThat(times.get(1).busyMicros()).isPositive();
            assertThat(fixture.cpus).hasSize(2);
        }
    }
}
