package dev.wisp.bench.process;

import dev.wisp.bench.report.BenchException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Processor time of processes, from {@code /proc}. */
public final class ProcessCpu {

    /** USER_HZ: the same on every architecture that Linux runs Java on. */
    private static final long MICROS_PER_TICK = 10_000;

    private static final int UTIME = 11;
    private static final int STIME = 12;
    private static final int CUTIME = 13;
    private static final int CSTIME = 14;

    private ProcessCpu() {}

    /** Of the process itself, in steps of 10 ms. */
    public static long micros(long pid) {
        String[] fields = stat(pid);
        return (Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME])) * MICROS_PER_TICK;
    }

    /** Of the children it has waited for, and of theirs, in steps of 10 ms. */
    public static long childrenMicros(long pid) {
        String[] fields = stat(pid);
        return (Long.parseLong(fields[CUTIME]) + Long.parseLong(fields[CSTIME])) * MICROS_PER_TICK;
    }

    /** Of the threads that live now, exact: for differences over moments that are shorter than a tick. */
    public static long threadsMicros(long pid) {
        long nanos = 0;
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(Path.of("/proc/" + pid + "/task"))) {
            for (Path task : tasks) {
                nanos += runNanos(task.resolve("schedstat"));
            }
        } catch (IOException e) {
            throw new BenchException("process %d is gone: %s".formatted(pid, e), e);
        }
        return nanos / 1_000;
    }

    private static long runNanos(Path schedstat) {
        try {
            return Long.parseLong(Files.readString(schedstat).split(" ", 2)[0]);
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            // A thread that ends while it is read: ESRCH.
            return 0;
        }
    }

    /** Fields after the name, which may itself contain spaces. */
    private static String[] stat(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        } catch (IOException e) {
            throw new UncheckedIOException("process %d is gone".formatted(pid), e);
        }
    }
}
