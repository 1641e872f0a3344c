package dev.wisp.standalone;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** One plain HTTP request with a {@code Host} of one's own choosing, for {@link TrainingRun}. */
final class HostSocket implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 30_000;

    private final Socket socket;
    private final String host;

    private HostSocket(Socket socket, String host) {
        this.socket = socket;
        this.host = host;
    }

    static HostSocket open(URI address, String host) throws IOException {
        Socket socket = new Socket(address.getHost(), address.getPort());
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return new HostSocket(socket, host);
    }

    /** Sends a GET and returns the status. */
    int get(String path) throws IOException {
        String head = "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(path, host);
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        String status = reader.readLine();
        if (status == null || status.length() < 12) {
            throw new IOException("no answer from " + host);
        }
        int code = Integer.parseInt(status.substring(9, 12));
        while (reader.readLine() != null) {
            // Read to the end, so that the exchange is a whole one.
        }
        return code;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
