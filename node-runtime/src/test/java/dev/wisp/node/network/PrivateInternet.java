package dev.wisp.node.network;

import dev.wisp.contracts.revision.Cidr;
import dev.wisp.node.linux.Descriptors;
import dev.wisp.node.linux.ErrnoException;
import dev.wisp.node.linux.Kernel;
import dev.wisp.node.linux.Processes;
import dev.wisp.node.linux.Sockets;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;

/**
 * A host and a world in two network namespaces, so that egress is tested without a packet on the machine's own network:
 *
 * <pre>
 * runtime's router ── "host" 203.0.113.1 ── "world" 203.0.113.10, 10.9.9.9, 169.254.169.254
 *                            2001:db8:1::1          2001:db8:1::10, fd00:9::9, 2002:a09:909::1
 * </pre>
 *
 * The world knows no way to the sandboxes: it answers only what comes from the host's address.
 */
public final class PrivateInternet implements AutoCloseable {

    public static final String HOST = "203.0.113.1";
    public static final String WORLD = "203.0.113.10";
    public static final String WORLD_PRIVATE = "10.9.9.9";
    public static final String WORLD_METADATA = "169.254.169.254";
    public static final String HOST_IPV6 = "2001:db8:1::1";
    public static final String WORLD_IPV6 = "2001:db8:1::10";
    public static final String WORLD_PRIVATE_IPV6 = "fd00:9::9";
    /** Has 10.9.9.9 in it. */
    public static final String WORLD_6TO4 = "2002:a09:909::1";

    public static final int GREETING_PORT = 7001;
    public static final int OTHER_PORT = 7002;
    public static final int BULK_PORT = 7003;
    public static final int BULK_BYTES = 3 << 20;
    /** Takes all that comes and says how much that was. */
    public static final int SINK_PORT = 7004;
    /** Sends datagrams back. */
    public static final int ECHO_PORT = 7005;

    private static final int DNS_PORT = 53;
    private static final int LOOPBACK_INDEX = 1;
    private static final int WAN_INDEX = 10;

    private final Descriptors descriptors = new Descriptors(Kernel.load());
    private final Sockets sockets = new Sockets(Kernel.load());
    private final NamespaceSockets namespaces =
            new NamespaceSockets(descriptors, new Processes(Kernel.load()), sockets);
    private final List<Closeable> servers = new ArrayList<>();
    private final int host = namespaces.create();
    private final int world = namespaces.create();

    public PrivateInternet() {
        wire();
        greet(host, GREETING_PORT, "host");
        greet(world, GREETING_PORT, "world");
        greet(world, OTHER_PORT, "other");
        serve(world, BULK_PORT, socket -> socket.getOutputStream().write(new byte[BULK_BYTES]));
        serve(world, SINK_PORT, PrivateInternet::count);
        answer(DNS_PORT, PrivateInternet::nameAnswer);
        answer(ECHO_PORT, datagram -> datagram);
    }

    private static void count(Socket socket) throws IOException {
        long bytes = socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        socket.getOutputStream().write(Long.toString(bytes).getBytes(StandardCharsets.UTF_8));
    }

    /** For {@link EgressConfig#outside()}; also from another process. */
    public String outside() {
        return "/proc/" + ProcessHandle.current().pid() + "/fd/" + host;
    }

    private void wire() {
        NetlinkRequest atHost = new NetlinkRequest();
        Links.up(atHost, LOOPBACK_INDEX);
        Links.pair(
                atHost,
                new Links.End("wan", WAN_INDEX),
                new Links.End("wan", WAN_INDEX),
                new Links.Place.OfDescriptor(world));
        Links.address(atHost, WAN_INDEX, address(HOST), 24);
        send(host, atHost);
        NetlinkRequest atWorld = new NetlinkRequest();
        Links.up(atWorld, LOOPBACK_INDEX);
        Links.up(atWorld, WAN_INDEX);
        Links.address(atWorld, WAN_INDEX, address(WORLD), 24);
        Links.address(atWorld, LOOPBACK_INDEX, address(WORLD_PRIVATE), 32);
        Links.address(atWorld, LOOPBACK_INDEX, address(WORLD_METADATA), 32);
        send(world, atWorld);
        NetlinkRequest route = new NetlinkRequest();
        Links.defaultRoute(route, WAN_INDEX, address(WORLD));
        send(host, route);
        forward(true);
        wireIpv6();
        forwardIpv6(true);
    }

    private void wireIpv6() {
        for (int namespace : new int[] {host, world}) {
            namespaces.inside(namespace, () -> {
                descriptors.writeText("/proc/sys/net/ipv6/conf/all/disable_ipv6", "0");
                return true;
            });
        }
        NetlinkRequest atHost = new NetlinkRequest();
        Links.address(atHost, WAN_INDEX, address(HOST_IPV6), 64);
        Links.defaultRoute(atHost, WAN_INDEX, address(WORLD_IPV6));
        send(host, atHost);
        NetlinkRequest atWorld = new NetlinkRequest();
        Links.address(atWorld, WAN_INDEX, address(WORLD_IPV6), 64);
        Links.address(atWorld, LOOPBACK_INDEX, address(WORLD_PRIVATE_IPV6), 128);
        Links.address(atWorld, LOOPBACK_INDEX, address(WORLD_6TO4), 128);
        send(world, atWorld);
    }

    /** Whether the host forwards packets of IPv6. */
    public void forwardIpv6(boolean on) {
        namespaces.inside(host, () -> {
            descriptors.writeText("/proc/sys/net/ipv6/conf/all/forwarding", on ? "1" : "0");
            return on;
        });
    }

    /** Whether the host forwards packets. */
    public void forward(boolean on) {
        namespaces.inside(host, () -> {
            descriptors.writeText("/proc/sys/net/ipv4/ip_forward", on ? "1" : "0");
            return on;
        });
    }

    private static InetAddress address(String text) {
        return Cidr.parse(text).address();
    }

    private void send(int namespace, NetlinkRequest request) {
        try (NetlinkSocket socket =
                namespaces.inside(namespace, () -> new NetlinkSocket(descriptors, sockets, NetlinkSocket.ROUTE))) {
            socket.send(request);
        }
    }

    private interface Answer {
        void to(Socket socket) throws IOException;
    }

    /** Says its name and who asks. */
    private void greet(int namespace, int port, String name) {
        serve(
                namespace,
                port,
                socket -> socket.getOutputStream()
                        .write((name + " " + socket.getInetAddress().getHostAddress())
                                .getBytes(StandardCharsets.UTF_8)));
    }

    private void serve(int namespace, int port, Answer answer) {
        ServerSocket server = inside(namespace, () -> new ServerSocket(port, 256));
        servers.add(server);
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    Thread.ofVirtual().start(() -> answer(socket, answer));
                } catch (IOException e) {
                    return;
                }
            }
        });
    }

    private static void answer(Socket socket, Answer answer) {
        try (socket) {
            answer.to(socket);
            socket.shutdownOutput();
            // Held until the other side has had enough, so that a connection counts as long as its client wants it.
            while (socket.getInputStream().read() >= 0) {}
        } catch (IOException e) {
            // The client went away.
        }
    }

    /** Answers datagrams. */
    private void answer(int port, UnaryOperator<byte[]> answers) {
        DatagramSocket server =
                inside(world, () -> new DatagramSocket(new InetSocketAddress(InetAddress.getByName(WORLD), port)));
        servers.add(server);
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    DatagramPacket query = new DatagramPacket(new byte[512], 512);
                    server.receive(query);
                    byte[] answer = answers.apply(Arrays.copyOf(query.getData(), query.getLength()));
                    server.send(new DatagramPacket(answer, answer.length, query.getSocketAddress()));
                } catch (IOException e) {
                    return;
                }
            }
        });
    }

    /** Of a name server that knows one address for every name: the query with its flags set to "answer", and one record that points back at the name asked for. */
    private static byte[] nameAnswer(byte[] query) {
        byte[] record = {(byte) 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, (byte) 203, 0, 113, 10};
        byte[] answer = Arrays.copyOf(query, query.length + record.length);
        System.arraycopy(record, 0, answer, query.length, record.length);
        answer[2] = (byte) 0x81;
        answer[3] = (byte) 0x80;
        answer[7] = 1;
        return answer;
    }

    private <T> T inside(int namespace, Callable<T> work) {
        return namespaces.inside(namespace, () -> {
            try {
                return work.call();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** What a process of the host gets from an address: the control of every refusal. */
    public String askFromHost(String address, int port) {
        return ask(host, address, port);
    }

    /** What the world gets from an address. */
    public String askFromWorld(String address, int port) {
        return ask(world, address, port);
    }

    private String ask(int namespace, String address, int port) {
        return inside(namespace, () -> {
            try (Socket socket = new Socket(address, port)) {
                return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            }
        });
    }

    /** Names of the host's interfaces. */
    public List<String> hostInterfaces() {
        String devices = namespaces.inside(host, () -> descriptors.readText("/proc/thread-self/net/dev"));
        return Objects.requireNonNull(devices, "net/dev")
                .lines()
                .filter(line -> line.contains(":"))
                .map(line -> line.substring(0, line.indexOf(':')).strip())
                .sorted()
                .toList();
    }

    /** Whether tables of that name can be made in the host's packet filter, which is so only when there is none of either family; they are gone again afterwards. */
    public boolean hasNoTable(String name) {
        try (NetlinkSocket socket =
                namespaces.inside(host, () -> new NetlinkSocket(descriptors, sockets, NetlinkSocket.FILTER))) {
            socket.send(new FilterBatch(name, AddressFamily.IPV4)
                    .ownedTable()
                    .in(AddressFamily.IPV6)
                    .ownedTable()
                    .end());
            return true;
        } catch (ErrnoException e) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            for (Closeable server : servers) {
                server.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        descriptors.close(host);
        descriptors.close(world);
        namespaces.close();
    }
}
