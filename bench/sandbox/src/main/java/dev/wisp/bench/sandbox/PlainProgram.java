package dev.wisp.bench.sandbox;

import dev.wisp.bench.peer.WorkFolder;
import dev.wisp.bench.process.LauncherShell;
import dev.wisp.bench.report.BenchException;
import dev.wisp.bench.sandbox.FirstAnswer.Question;
import dev.wisp.contracts.revision.ProcessSpec;
import dev.wisp.node.linux.Descriptors;
import dev.wisp.node.linux.Kernel;
import dev.wisp.node.linux.Named;
import dev.wisp.node.linux.Processes;
import dev.wisp.node.linux.Sockets;
import dev.wisp.node.network.NamespaceSockets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * The program of an image as an ordinary process: in the image's files, as its user, and with no other isolation than a network in which its port is free. What is
 * mounted for it is mounted before it is timed. Owned by one thread.
 */
final class PlainProgram implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long PAUSE_NANOS = 20_000;
    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /** An overlay of the image, as the sandbox has one: what the program writes is its own. */
    private static final String MOUNT = """
            cd %2$s && mkdir -p upper root && mount -t tmpfs none upper && mkdir upper/u upper/w &&
            mount -t overlay -o lowerdir=%1$s,upperdir=upper/u,workdir=upper/w none root && mkdir -p root/proc root/dev root/tmp &&
            chmod 1777 root/tmp && mount -t proc none root/proc && mount --rbind /dev root/dev
            """.replace('\n', ' ');

    private final Descriptors descriptors;
    private final Sockets sockets;
    private final NamespaceSockets namespaces;
    private final FirstAnswer answer = new FirstAnswer();
    private final LauncherShell shell = LauncherShell.openWithNetwork();
    private final WorkFolder folder = WorkFolder.create();
    private final int network;
    private final Path layer;
    private final String command;

    PlainProgram(Path layer, ProcessSpec process, int port) {
        Kernel kernel = Kernel.load();
        this.descriptors = new Descriptors(kernel);
        this.sockets = new Sockets(kernel);
        this.namespaces = new NamespaceSockets(descriptors, new Processes(kernel), sockets);
        this.network = descriptors.open("/proc/%d/ns/net".formatted(shell.pid()), Named.O_RDONLY, 0);
        this.layer = layer;
        this.command = command(process, layer, port);
    }

    private String command(ProcessSpec process, Path layer, int port) {
        Map<String, String> env = new TreeMap<>(Map.of("PATH", PATH, "HOME", "/"));
        env.putAll(process.env());
        env.put("PORT", Integer.toString(port));
        String[] ids = ids(layer, process.user());
        return "(%s exec /usr/bin/unshare --root %s --wd '%s' --setgid %s --setuid %s -- %s) > %s 2>&1"
                .formatted(
                        env.entrySet().stream()
                                .map(entry -> "%s='%s'".formatted(entry.getKey(), entry.getValue()))
                                .collect(Collectors.joining(" ")),
                        folder.path().resolve("root"),
                        process.workingDir().isEmpty() ? "/" : process.workingDir(),
                        ids[1],
                        ids[0],
                        process.argv().stream().map("'%s'"::formatted).collect(Collectors.joining(" ")),
                        folder.path().resolve("output"));
    }

    /** User and group id of an image's user, which is a number or a name in its own list. */
    private static String[] ids(Path layer, String user) {
        String name = user.replaceFirst(":.*", "");
        try {
            return Files.readAllLines(layer.resolve("etc/passwd")).stream()
                    .map(line -> line.split(":"))
                    .filter(fields -> fields[name.matches("\\d+") ? 2 : 0].equals(name.isEmpty() ? "root" : name))
                    .map(fields -> new String[] {fields[2], fields[3]})
                    .findFirst()
                    .orElseThrow(() -> new BenchException("no user %s in %s".formatted(name, layer)));
        } catch (IOException e) {
            throw new BenchException("no users in %s: %s".formatted(layer, e.getMessage()), e);
        }
    }

    /** Time from the command until the first bytes of its answer. Its files are new each time, and it is gone afterwards. */
    long startMicros(Question question, int port) {
        run(MOUNT.formatted(layer, folder.path()));
        long start = System.nanoTime();
        shell.start(command);
        try {
            return (answer.awaitNanos(connect(port), question) - start) / 1_000;
        } finally {
            ProcessHandle.of(shell.pid()).stream()
                    .flatMap(ProcessHandle::descendants)
                    .forEach(ProcessHandle::destroyForcibly);
            shell.await();
            run("cd / && umount -l -R %1$s/root && umount -l %1$s/upper".formatted(folder.path()));
        }
    }

    private void run(String line) {
        shell.start(line);
        if (shell.await() != 0) {
            throw new BenchException("this failed: " + line);
        }
    }

    private int connect(int port) {
        int socket = namespaces.open(network);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (sockets.connectLoopback(socket, port) != 0) {
            if (System.nanoTime() > deadline) {
                descriptors.close(socket);
                throw new BenchException("the program does not listen within %s: %s".formatted(PATIENCE, output()));
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return socket;
    }

    private String output() {
        try {
            return Files.readString(folder.path().resolve("output")).strip();
        } catch (IOException e) {
            return "it said nothing";
        }
    }

    @Override
    public void close() {
        shell.close();
        descriptors.close(network);
        namespaces.close();
        folder.close();
    }
}
