package dev.wisp.node.metering;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.wisp.node.fake.FakeContainer;
import dev.wisp.node.fake.FakeNode;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a plain call to a running instance makes on the event loop, the front of these tests included. */
@Timeout(60)
class WarmCallAllocationTest {

    private static final byte[] REQUEST =
            "GET / HTTP/1.1\r\nHost: hello.test\r\nAccept: */*\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final String ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello";

    private static final int WARM_UP = 4_000;
    private static final int CALLS = 2_000;

    /** It is 1,601 since ADR 0114. Whoever needs more raises it knowingly. */
    private static final long BYTES_MAX = 1_950;

    @TempDir
    private Path folder;

    @Test
    void aWarmCallMakesLittle() throws Exception {
        try (FakeContainer container = FakeContainer.saying(ANSWER);
                ProxyFixture fixture =
                        new ProxyFixture(folder, container, FakeNode.hello(0, 60_000, 0), ProxyFixture.Front.BYTES);
                Socket socket = fixture.connect()) {
            call(socket, WARM_UP);
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long loop = fixture.eventLoopThread();
            long before = threads.getThreadAllocatedBytes(loop);

            call(socket, CALLS);

            assertThat((threads.getThreadAllocatedBytes(loop) - before) / CALLS).isLessThan(BYTES_MAX);
        }
    }

    private static void call(Socket socket, int times) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] answer = new byte[4_096];
        for (int i = 0; i < times; i++) {
            socket.getOutputStream().write(REQUEST);
            int read = 0;
            while (read < 5 || !new String(answer, read - 5, 5, StandardCharsets.US_ASCII).equals("hello")) {
                int more = in.read(answer, read, answer.length - read);
                assertThat(more).isPositive();
                read += more;
            }
        }
    }
}
