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
    private final BufferedReader answers;
    private final String host;

    private HostSocket(Socket socket, String host) throws IOException {
        this.socket = socket;
        this.answers = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
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
        String status = answers.readLine();
        if (status == null || status.length() < 12) {
            throw new IOException("no answer from " + host);
        }
        int code = Integer.parseInt(status.substring(9, 12));
        while (answers.readLine() != null) {
            // Read to the end, so that the exchange is a whole one.
        }
        return code;
    }

    /** Sends a GET on a connection that stays open, and returns the status; the answer must say how long it is. */
    int getKept(String path) throws IOException {
        String head = "GET %s HTTP/1.1\r\nHost: %s\r\nAccept: */*\r\n\r\n".formatted(path, host);
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        String status = answers.readLine();
        if (status == null || status.length() < 12) {
            throw new IOException("no answer from " + host);
        }
        int length = 0;
        for (String line = answers.readLine(); line != null && !line.isEmpty(); line = answers.readLine()) {
            if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(line.substring(15).strip());
            }
        }
        for (int left = length; left > 0; left--) {
            answers.read();
        }
        return Integer.parseInt(status.substring(9, 12));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
