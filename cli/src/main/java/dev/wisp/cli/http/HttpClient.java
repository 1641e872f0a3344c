package dev.wisp.cli.http;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sends one request over a connection of its own. The JDK's client hides trailers, which carry the bill of a streamed answer, and
 * takes 60 ms longer to start than a socket: too much for a command that answers in a tenth of a second.
 */
public final class HttpClient {

    private static final int CONNECT_TIMEOUT_MILLIS = 3_000;
    private static final int BUFFER_BYTES = 64 * 1024;

    private HttpClient() {}

    /**
     * Sends and returns when the head of the answer is there.
     *
     * @param readTimeout longest silence of the other side, zero for no limit
     * @throws UnreachableException when nobody listens there
     * @throws IOException when the exchange breaks off or is not HTTP
     */
    public static Response send(Endpoint endpoint, Request request, Duration readTimeout) throws IOException {
        Socket socket = connect(endpoint);
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(Math.toIntExact(readTimeout.toMillis()));
            InputStream in = new BufferedInputStream(socket.getInputStream(), BUFFER_BYTES);
            IOException broken = write(socket, endpoint, request);
            return read(socket, in, request, broken);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private static Socket connect(Endpoint endpoint) throws UnreachableException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(endpoint.host(), endpoint.port()), CONNECT_TIMEOUT_MILLIS);
            return endpoint.tls() ? secure(socket, endpoint) : socket;
        } catch (IOException e) {
            try {
                socket.close();
            } catch (IOException closing) {
                e.addSuppressed(closing);
            }
            throw new UnreachableException(endpoint, e);
        }
    }

    private static Socket secure(Socket plain, Endpoint endpoint) throws IOException {
        SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        SSLSocket socket = (SSLSocket) factory.createSocket(plain, endpoint.host(), endpoint.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    /**
     * Sends the request. A server may answer before it has read the body, and close: what then fails is returned and only matters
     * when no answer can be read.
     */
    private static @Nullable IOException write(Socket socket, Endpoint endpoint, Request request) {
        try {
            OutputStream out = new BufferedOutputStream(socket.getOutputStream(), BUFFER_BYTES);
            out.write(head(endpoint, request).getBytes(StandardCharsets.ISO_8859_1));
            Request.Body body = request.body();
            if (body != null && body.length() != Request.Body.UNKNOWN) {
                body.writer().writeTo(out);
            } else if (body != null) {
                out.flush();
                ChunkedOutput chunks = new ChunkedOutput(out);
                body.writer().writeTo(chunks);
                chunks.end();
            }
            out.flush();
            return null;
        } catch (IOException e) {
            return e;
        }
    }

    private static String head(Endpoint endpoint, Request request) {
        StringBuilder head = new StringBuilder(256);
        head.append(request.method()).append(' ').append(request.path()).append(" HTTP/1.1\r\n");
        if (!request.headers().has("Host")) {
            head.append("Host: ").append(endpoint.authority()).append("\r\n");
        }
        request.headers()
                .fields()
                .forEach(field -> head.append(field.name())
                        .append(": ")
                        .append(field.value())
                        .append("\r\n"));
        Request.Body body = request.body();
        if (body != null && body.length() == Request.Body.UNKNOWN) {
            head.append("Transfer-Encoding: chunked\r\n");
        } else if (body != null) {
            head.append("Content-Length: ").append(body.length()).append("\r\n");
        }
        return head.append("Connection: close\r\n\r\n").toString();
    }

    private static Response read(Socket socket, InputStream in, Request request, @Nullable IOException broken)
            throws IOException {
        try {
            String line = LineReader.line(in);
            Headers headers = LineReader.fields(in);
            while (status(line) < 200) {
                line = LineReader.line(in);
                headers = LineReader.fields(in);
            }
            int status = status(line);
            boolean empty = request.method().equals("HEAD") || status == 204 || status == 304;
            BodyStream body = empty ? BodyStream.none(in) : BodyStream.of(in, headers);
            String[] words = line.split(" ", 3);
            return new Response(socket, status, words.length > 2 ? words[2] : "", headers, body);
        } catch (IOException e) {
            if (broken != null) {
                broken.addSuppressed(e);
                throw broken;
            }
            throw e;
        }
    }

    private static int status(String line) throws IOException {
        String[] words = line.split(" ", 3);
        if (words.length < 2 || !words[0].startsWith("HTTP/1.") || !words[1].matches("[1-5]\\d\\d")) {
            throw new IOException("the answer is not HTTP: '%s'".formatted(line));
        }
        return Integer.parseInt(words[1]);
    }
}
