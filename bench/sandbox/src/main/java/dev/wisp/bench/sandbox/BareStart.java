package dev.wisp.bench.sandbox;

import dev.wisp.bench.peer.BarePeer;
import dev.wisp.bench.peer.Peer;
import dev.wisp.bench.process.OwnCpu;
import dev.wisp.bench.report.BenchException;
import dev.wisp.node.linux.Argument;
import dev.wisp.node.linux.Descriptors;
import dev.wisp.node.linux.Kernel;
import dev.wisp.node.linux.Named;
import dev.wisp.node.linux.OnFailure;
import dev.wisp.node.linux.Processes;
import dev.wisp.node.linux.Sockets;
import dev.wisp.node.linux.Spawner;
import dev.wisp.node.linux.Syscall;
import dev.wisp.node.linux.SyscallProgram;
import dev.wisp.node.linux.Table;
import java.nio.file.Path;
import java.util.List;

/**
 * The program without any isolation, cloned and executed by the same code as a sandbox's: the least that a start can cost here. A shell in between
 * would cost more than the program.
 */
final class BareStart implements Peer {

    private static final long TIMEOUT_NANOS = 10_000_000_000L;
    private static final int CONNECT_TIMEOUT_MILLIS = 1_000;
    private static final Named FLAGS =
            Named.flags(Named.CLONE_VM, Named.CLONE_PIDFD, Named.CLONE_CLEAR_SIGHAND, Named.CLONE_CHILD_CLEARTID);
    private static final Named ALL_DESCRIPTORS = new Named("~0", 0xFFFF_FFFFL);

    private final Kernel kernel = Kernel.load();
    private final Descriptors descriptors = new Descriptors(kernel);
    private final Processes processes = new Processes(kernel);
    private final Sockets sockets = new Sockets(kernel);
    private final Spawner spawner = new Spawner(kernel);
    private final FirstAnswer answer = new FirstAnswer();
    private final Path program;
    private long cpuMicros;

    BareStart(Path program) {
        this.program = program;
    }

    @Override
    public String name() {
        return "bare process, same clone";
    }

    @Override
    public long startMicros() {
        int port = BarePeer.freePort();
        long cpuBefore = OwnCpu.micros() + OwnCpu.childrenMicros();
        long start = System.nanoTime();
        try (Table table = new Table(kernel)) {
            table.append(program(port));
            Spawner.Child child = spawner.spawn(table, FLAGS);
            try {
                return (answer.awaitNanos(connect(port)) - start) / 1_000;
            } finally {
                end(child);
                cpuMicros += OwnCpu.micros() + OwnCpu.childrenMicros() - cpuBefore;
            }
        }
    }

    private SyscallProgram program(int port) {
        return SyscallProgram.builder()
                .call("die with this process", Syscall.PRCTL, Named.PR_SET_PDEATHSIG, Named.SIGKILL)
                .call("close descriptors", Syscall.CLOSE_RANGE, Named.of(3), ALL_DESCRIPTORS, Named.of(0))
                .call(
                        "execute",
                        OnFailure.STOP,
                        Syscall.EXECVE,
                        Argument.text(program.toString()),
                        new Argument.Strings(List.of("hello")),
                        new Argument.Strings(List.of("PORT=" + port, "LOG=off")))
                .build();
    }

    @SuppressWarnings("ThreadPriorityCheck") // As the platform does: the program may be waiting for this processor.
    private int connect(int port) {
        int socket = sockets.tcp(CONNECT_TIMEOUT_MILLIS);
        long deadline = System.nanoTime() + TIMEOUT_NANOS;
        while (sockets.connectLoopback(socket, port) != 0) {
            if (System.nanoTime() > deadline) {
                descriptors.close(socket);
                throw new BenchException("the program does not listen");
            }
            Thread.yield();
        }
        return socket;
    }

    private void end(Spawner.Child child) {
        processes.signal(child.pidfd(), (int) Named.SIGKILL.value());
        while (processes.reap(child.pidfd()) == null) {
            Thread.onSpinWait();
        }
        descriptors.close(child.pidfd());
    }

    @Override
    public long cpuMicros() {
        return cpuMicros;
    }

    @Override
    public void close() {
        spawner.close();
    }
}
