package dev.wisp.node.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.node.linux.Descriptors;
import dev.wisp.node.linux.Kernel;
import dev.wisp.node.linux.Syscall;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** How tests talk to a probe inside a sandbox: one line in, all that comes back out. */
public final class ProbeLine {

    private static final int F_SETFL = 4;
    private static final int O_RDWR = 2;

    private ProbeLine() {}

    /** Opens a connection of its own and reads until the probe closes it. */
    public static String ask(Kernel kernel, Descriptors descriptors, Sandbox sandbox, String line) {
        int socket = sandbox.connect();
        try {
            kernel.call("blocking", Syscall.FCNTL, socket, F_SETFL, O_RDWR);
            byte[] request = (line + "\n").getBytes(StandardCharsets.UTF_8);
            assertThat(descriptors.write(socket, request)).isEqualTo(request.length);
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            byte[] piece = Objects.requireNonNull(descriptors.readSome(socket));
            while (piece.length > 0) {
                answer.writeBytes(piece);
                piece = Objects.requireNonNull(descriptors.readSome(socket));
            }
            return answer.toString(StandardCharsets.UTF_8);
        } finally {
            descriptors.close(socket);
        }
    }
}
