package dev.wisp.node.report;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of the journal and of its shipping. */
@ConfigMapping(prefix = "wisp.node.report")
public interface ReportConfig {

    /** Size of one file of the journal, 64 KiB to 1 GiB. A new one is filled with zeros before it is needed. */
    @WithDefault("8M")
    MemorySize segmentSize();

    /** Most disk the journal takes; when it is full, new invocations are refused with E1502. At least four segments. */
    @WithDefault("1G")
    MemorySize maxSize();

    /**
     * How often records that the broker does not have are brought to the disk, 10 ms to 1 minute. A loss of power takes at most those of
     * this time and of two synchronisations; 0 leaves it to the kernel, which takes half a minute.
     */
    @WithDefault("1s")
    Duration syncEvery();

    /** Most records sent to the broker and not yet acknowledged. */
    @WithDefault("4096")
    int inFlightMax();
}
