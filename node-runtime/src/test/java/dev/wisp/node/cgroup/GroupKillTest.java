package dev.wisp.node.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.node.linux.Kernel;
import dev.wisp.node.linux.Processes;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** On processes of its own, named by a list instead of a group. */
final class GroupKillTest {

    private static final int KILLED = 128 + 9;
    private static final long NUMBER_OF_NOBODY = 0x7FFF_FFF0L;

    private final GroupKill kill = new GroupKill(new Processes(Kernel.load()));
    private final Process one = sleep();
    private final Process other = sleep();

    private static Process sleep() {
        try {
            return new ProcessBuilder("sleep", "600").start();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void end() throws InterruptedException {
        one.destroyForcibly().waitFor();
        other.destroyForcibly().waitFor();
    }

    @Test
    void killsAllThatAreNamed() throws InterruptedException {
        kill.kill(() -> List.of(one.pid(), NUMBER_OF_NOBODY, other.pid()));

        assertThat(one.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(one.exitValue()).isEqualTo(KILLED);
        assertThat(other.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(other.exitValue()).isEqualTo(KILLED);
    }

    /** Its number was another's when it was read first, and is not the group's any more. */
    @Test
    void leavesAloneWhoeverGotTheNumberOfOneThatEnded() throws InterruptedException {
        Queue<List<Long>> readings = new ArrayDeque<>(List.of(List.of(one.pid(), other.pid()), List.of(other.pid())));

        kill.kill(readings::remove);

        assertThat(other.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(one.isAlive()).isTrue();
    }
}
