package dev.wisp.standalone;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The servers of {@link PrivateWorld}, a process of its own: greetings on two ports of every address, and a name server that knows one address. */
final class World {

    static final int PORT = 7001;
    static final int OTHER_PORT = 7002;

    private static final int DNS_PORT = 53;

    private World() {}

    public static void main(String[] arguments) throws IOException {
        greet(new ServerSocket(PORT));
        greet(new ServerSocket(OTHER_PORT));
        DatagramSocket names = new DatagramSocket(DNS_PORT, InetAddress.getByName(PrivateWorld.WORLD));
        System.out.println("ready");
        while (!names.isClosed()) {
            DatagramPacket query = new DatagramPacket(new byte[512], 512);
            names.receive(query);
            byte[] answer = answer(Arrays.copyOf(query.getData(), query.getLength()));
            names.send(new DatagramPacket(answer, answer.length, query.getSocketAddress()));
        }
    }

    private static void greet(ServerSocket server) {
        Thread.ofPlatform().start(() -> {
            while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                    socket.getOutputStream()
                            .write(("world " + socket.getInetAddress().getHostAddress())
                                    .getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                    // The client went away.
                }
            }
        });
    }

    /** The query as an answer: to a question for an IPv4 address one record that points back at the name, to others none. */
    private static byte[] answer(byte[] query) {
        boolean ipv4 = query.length > 4 && query[questionEnd(query) - 3] == 1;
        byte[] record = {(byte) 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, (byte) 203, 0, 113, 10};
        byte[] answer = ipv4 ? Arrays.copyOf(query, questionEnd(query) + record.length) : query.clone();
        if (ipv4) {
            System.arraycopy(record, 0, answer, questionEnd(query), record.length);
        }
        answer[2] = (byte) 0x81;
        answer[3] = (byte) 0x80;
        answer[7] = (byte) (ipv4 ? 1 : 0);
        answer[11] = 0;
        return answer;
    }

    /** Behind the one question: a header of 12 bytes, labels up to an empty one, type and class. */
    private static int questionEnd(byte[] query) {
        int at = 12;
        while (query[at] != 0) {
            at += 1 + query[at];
        }
        return at + 5;
    }
}
