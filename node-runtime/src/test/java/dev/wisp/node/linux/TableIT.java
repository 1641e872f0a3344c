package dev.wisp.node.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Children that walk tables, without namespaces: needs no rights. */
@Timeout(value = 30, unit = TimeUnit.SECONDS)
final class TableIT {

    private static final Named FLAGS = Named.flags(
            Named.CLONE_VM,
            Named.CLONE_FILES,
            Named.CLONE_PIDFD,
            Named.CLONE_CLEAR_SIGHAND,
            Named.CLONE_CHILD_CLEARTID);

    private final Kernel kernel = Kernel.load();
    private final Processes processes = new Processes(kernel);
    private final Descriptors descriptors = new Descriptors(kernel);
    private final Spawner spawner = new Spawner(kernel);
    private final Table table = new Table(kernel);

    @AfterEach
    void close() {
        table.close();
        spawner.close();
    }

    @Test
    void childMakesItsCallsAndEndsWithTheCodeOfTheTable() {
        table.append(SyscallProgram.builder()
                .call("mode", Syscall.UMASK, Named.mode(022))
                .call("end", Syscall.EXIT_GROUP, Named.of(7))
                .build());

        assertThat(run()).isEqualTo(7);
        assertThat(table.failure()).isNull();
        assertThat(table.results().getFirst().value()).isNotNegative();
    }

    /** One that nobody knows of would wait at its gate for as long as the runtime lives. */
    @Test
    void childIsHandedOverAlsoToWhoIsInterrupted() {
        table.append(SyscallProgram.builder()
                .call("end", Syscall.EXIT_GROUP, Named.of(7))
                .build());

        Thread.currentThread().interrupt();
        Spawner.Child child = spawner.spawn(table, FLAGS);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(end(child)).isEqualTo(7);
    }

    @Test
    void firstUnexcusedFailureStopsItAndIsNamed() {
        table.append(SyscallProgram.builder()
                .call("optional", OnFailure.GO_ON, Syscall.CHDIR, Argument.text("/no/such/folder"))
                .call("known", OnFailure.goOnWith(Errno.ENOENT), Syscall.CHDIR, Argument.text("/no/such/folder"))
                .call("enter folder", OnFailure.goOnWith(Errno.EEXIST), Syscall.CHDIR, Argument.text("/no/such/folder"))
                .call("never", Syscall.EXIT_GROUP, Named.of(0))
                .build());

        assertThat(run()).isEqualTo(TableLayout.FAILED_EXIT_CODE);
        Table.Failure failure = Objects.requireNonNull(table.failure());
        assertThat(failure.text()).isEqualTo("enter folder: ENOENT");
        assertThat(failure.results()).extracting(Table.Result::value).containsExactly(-2L, -2L, -2L, 0L);
    }

    @Test
    void resultOfARowCanBeTheArgumentOfTheNext() {
        table.append(SyscallProgram.builder()
                .call("own", Syscall.UNSHARE, Named.CLONE_FILES)
                .call("open", Syscall.OPENAT, Named.AT_FDCWD, Argument.text("/dev/zero"), Named.O_RDONLY)
                .call("write", OnFailure.GO_ON, Syscall.WRITE, Argument.previous(), Argument.text("x"), Named.of(1))
                .call("end", Syscall.EXIT_GROUP, Named.of(0))
                .build());

        assertThat(run()).isZero();
        assertThat(table.results().get(2).value()).isEqualTo(-9);
    }

    @Test
    void childWaitsAtAGateForRowsThatAreAppended() {
        table.append(SyscallProgram.builder()
                .signal("parked", SharedWord.PARKED)
                .gate("wait", SharedWord.START)
                .build());
        Spawner.Child child = spawner.spawn(table, FLAGS);
        Awaitility.await().until(() -> table.isSet(SharedWord.PARKED));
        assertThat(table.isLeft()).isFalse();

        table.append(SyscallProgram.builder()
                .call("end", Syscall.EXIT_GROUP, Named.of(3))
                .build());
        table.open(SharedWord.START);

        assertThat(end(child)).isEqualTo(3);
        assertThat(table.isLeft()).isTrue();
    }

    @Test
    void largeArgumentsGetRoomOfTheirOwn() {
        String large = "x".repeat(200_000);
        table.append(SyscallProgram.builder()
                .call("enter", OnFailure.GO_ON, Syscall.CHDIR, Argument.text(large))
                .call("end", Syscall.EXIT_GROUP, Named.of(0))
                .build());

        assertThat(run()).isZero();
        assertThat(table.results().getFirst().value()).isEqualTo(-36);
    }

    private int run() {
        return end(spawner.spawn(table, FLAGS));
    }

    private int end(Spawner.Child child) {
        Awaitility.await().until(table::isLeft);
        Integer code = Awaitility.await().until(() -> processes.reap(child.pidfd()), Objects::nonNull);
        descriptors.close(child.pidfd());
        return code;
    }
}
