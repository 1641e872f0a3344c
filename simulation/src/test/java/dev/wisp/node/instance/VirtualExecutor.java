package dev.wisp.node.instance;

import dev.wisp.testkit.simulation.SimulatedBus;
import dev.wisp.testkit.simulation.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** The clock thread of a process as events in virtual time; ends with the process. */
final class VirtualExecutor extends AbstractExecutorService implements ScheduledExecutorService {

    private final VirtualTime time;
    private final SimulatedBus process;

    VirtualExecutor(VirtualTime time, SimulatedBus process) {
        this.time = time;
        this.process = process;
    }

    @Override
    public void execute(Runnable command) {
        schedule(command, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        Task<Boolean> task = new Task<>(() -> {
            command.run();
            return true;
        });
        after(delay, unit, task);
        return task;
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        Task<V> task = new Task<>(callable);
        after(delay, unit, task);
        return task;
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period, TimeUnit unit) {
        throw new UnsupportedOperationException("not used by what is simulated");
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initialDelay, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException("not used by what is simulated");
    }

    @Override
    public void shutdown() {
        process.kill();
    }

    @Override
    public List<Runnable> shutdownNow() {
        process.kill();
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return !process.isAlive();
    }

    @Override
    public boolean isTerminated() {
        return !process.isAlive();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return true;
    }

    private void after(long delay, TimeUnit unit, Runnable task) {
        time.after(Duration.ofNanos(unit.toNanos(delay)), () -> {
            if (process.isAlive()) {
                task.run();
            }
        });
    }

    private static final class Task<V> extends FutureTask<V> implements ScheduledFuture<V> {

        private Task(Callable<V> callable) {
            super(callable);
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return 0;
        }

        @Override
        public int compareTo(Delayed other) {
            return 0;
        }
    }
}
