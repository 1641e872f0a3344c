package dev.wisp.cli.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** What came back; the body streams, and closing the response closes the connection. Not thread-safe. */
public final class Response implements AutoCloseable {

    private final Socket socket;
    private final int status;
    private final String reason;
    private final Headers headers;
    private final BodyStream body;

    Response(Socket socket, int status, String reason, Headers headers, BodyStream body) {
        this.socket = socket;
        this.status = status;
        this.reason = reason;
        this.headers = headers;
        this.body = body;
    }

    public int status() {
        return status;
    }

    public String reason() {
        return reason;
    }

    public Headers headers() {
        return headers;
    }

    public InputStream body() {
        return body;
    }

    /** Fields sent after the body; none before its end was read. */
    public Headers trailers() {
        return body.trailers();
    }

    /** The whole body as text; throws {@link IOException} when it is longer than {@code bytesMax}. */
    public String text(int bytesMax) throws IOException {
        byte[] bytes = body.readNBytes(bytesMax + 1);
        if (bytes.length > bytesMax) {
            throw new IOException("the answer is longer than %d bytes".formatted(bytesMax));
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The first bytes of the body as text, for showing. */
    public String beginning(int bytesMax) throws IOException {
        return new String(body.readNBytes(bytesMax), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // The exchange is over either way.
        }
    }
}
