package dev.wisp.bench.sandbox;

import dev.wisp.bench.process.LauncherShell;
import dev.wisp.bench.report.BenchException;
import dev.wisp.contracts.revision.Cidr;
import dev.wisp.node.network.EgressConfig;
import java.util.List;
import java.util.Map;

/** A network namespace that forwards, held by a process that does nothing else: where sandboxes with egress get to. No packet leaves the machine. */
final class Uplink implements AutoCloseable {

    private final LauncherShell holder = LauncherShell.openWithNetwork();

    Uplink() {
        holder.start("echo 1 > /proc/sys/net/ipv4/ip_forward");
        if (holder.await() != 0) {
            holder.close();
            throw new BenchException("no network namespace for the uplink");
        }
    }

    /** Of the process that holds it. */
    long pid() {
        return holder.pid();
    }

    String path() {
        return path(holder.pid());
    }

    static String path(long pid) {
        return "/proc/" + pid + "/ns/net";
    }

    /**
     * For a runtime that has its way out here.
     *
     * @param name of the runtime
     * @param pool of addresses, another for each runtime at the same time
     */
    EgressConfig config(String name, String pool, int readyMax) {
        return config(holder.pid(), name, pool, readyMax);
    }

    /** The same in another process than the one that has made it. */
    static EgressConfig config(long pid, String name, String pool, int readyMax) {
        return new EgressConfig(
                name,
                path(pid),
                Cidr.parse(pool),
                List.of(Cidr.parse("192.0.2.53")),
                Map.of(),
                readyMax,
                EgressConfig.Limits.DEFAULT);
    }

    @Override
    public void close() {
        holder.close();
    }
}
