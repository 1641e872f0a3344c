package dev.wisp.bench.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One keep-alive connection, opened when it is needed. Owned by one thread. */
public final class HttpConnection implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 60_000;
    private static final int CONNECT_TIMEOUT_MILLIS = 2_000;

    private final InetSocketAddress address;
    private final int connectTimeoutMillis;
    private @Nullable Socket socket;
    private @Nullable HttpReader reader;

    public HttpConnection(InetSocketAddress address) {
        this(address, CONNECT_TIMEOUT_MILLIS);
    }

    /** One whose attempts to connect end after so long. */
    public HttpConnection(InetSocketAddress address, int connectTimeoutMillis) {
        this.address = address;
        this.connectTimeoutMillis = connectTimeoutMillis;
    }

    /** Nothing of a request was answered. */
    public static final class NoAnswerException extends IOException {

        private final boolean sent;

        NoAnswerException(String message, IOException cause, boolean sent) {
            super(message, cause);
            this.sent = sent;
        }

        /** Whether the request may have arrived. */
        public boolean isSent() {
            return sent;
        }
    }

    /** The bytes of a GET without a body. */
    public static byte[] get(String host, String path) {
        return "GET %s HTTP/1.1\r\nHost: %s\r\nAccept: */*\r\n\r\n"
                .formatted(path, host)
                .getBytes(StandardCharsets.US_ASCII);
    }

    @SuppressWarnings("AddressSelection") // The user named one host; the first of its addresses will do.
    public static InetSocketAddress address(URI url) {
        return new InetSocketAddress(url.getHost(), url.getPort() < 0 ? 80 : url.getPort());
    }

    /** Sends a request and reads its answer; an answer that broke off is returned as far as it came. */
    public HttpAnswer exchange(byte[] request) throws NoAnswerException {
        long start = System.nanoTime();
        HttpReader in = send(request);
        try {
            String[] statusLine = in.line().split(" ", 3);
            long firstByteMicros = (in.firstByteNanos() - start) / 1_000;
            Map<String, String> headers = headers(in);
            Body body = body(in, headers);
            if (!body.complete || "close".equalsIgnoreCase(headers.get("connection"))) {
                close();
            }
            return new HttpAnswer(
                    Integer.parseInt(statusLine[1]),
                    headers,
                    body.bytes,
                    body.complete,
                    firstByteMicros,
                    (System.nanoTime() - start) / 1_000);
        } catch (IOException | RuntimeException e) {
            close();
            throw new NoAnswerException("no answer: " + e, e instanceof IOException io ? io : new IOException(e), true);
        }
    }

    /** The next exchange opens a new connection. */
    @Override
    public void close() {
        Socket open = socket;
        socket = null;
        reader = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // It is gone either way.
                return;
            }
        }
    }

    private HttpReader send(byte[] request) throws NoAnswerException {
        boolean connected = false;
        try {
            HttpReader in = connect();
            connected = true;
            OutputStream out = socket == null ? OutputStream.nullOutputStream() : socket.getOutputStream();
            out.write(request);
            in.expectAnswer();
            return in;
        } catch (IOException e) {
            close();
            throw new NoAnswerException("cannot send: " + e, e, connected);
        }
    }

    private HttpReader connect() throws IOException {
        HttpReader open = reader;
        if (open != null) {
            return open;
        }
        Socket opened = new Socket();
        opened.setTcpNoDelay(true);
        opened.setSoTimeout(TIMEOUT_MILLIS);
        opened.connect(address, connectTimeoutMillis);
        HttpReader fresh = new HttpReader(opened.getInputStream());
        socket = opened;
        reader = fresh;
        return fresh;
    }

    private record Body(long bytes, boolean complete) {}

    /** Adds trailers to {@code headers}. */
    private static Body body(HttpReader in, Map<String, String> headers) {
        boolean chunked = "chunked".equalsIgnoreCase(headers.get("transfer-encoding"));
        long bytes = 0;
        try {
            if (!chunked) {
                long length = Long.parseLong(headers.getOrDefault("content-length", "0"));
                bytes = in.skip(length);
                return new Body(bytes, bytes == length);
            }
            for (long size = chunkSize(in); size > 0; size = chunkSize(in)) {
                long read = in.skip(size);
                bytes += read;
                if (read < size) {
                    return new Body(bytes, false);
                }
                in.line();
            }
            headers.putAll(headers(in));
            return new Body(bytes, true);
        } catch (IOException | NumberFormatException e) {
            return new Body(bytes, false);
        }
    }

    private static long chunkSize(HttpReader in) throws IOException {
        return Long.parseLong(in.line().split(";", 2)[0].strip(), 16);
    }

    private static Map<String, String> headers(HttpReader in) throws IOException {
        Map<String, String> headers = new HashMap<>();
        for (String line = in.line(); !line.isEmpty(); line = in.line()) {
            int colon = line.indexOf(':');
            if (colon < 0) {
                throw new EOFException("header without a colon: " + line);
            }
            headers.merge(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip(),
                    (first, second) -> first + ", " + second);
        }
        return headers;
    }
}
