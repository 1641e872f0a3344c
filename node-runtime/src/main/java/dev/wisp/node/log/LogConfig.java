package dev.wisp.node.log;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of kept output. */
@ConfigMapping(prefix = "wisp.node.log")
public interface LogConfig {

    /** Output kept of one revision. */
    @WithDefault("1M")
    MemorySize revisionSizeMax();

    /** Lines kept of one revision. */
    @WithDefault("10000")
    int revisionLinesMax();

    /** Output kept of all revisions; past it the revision that was silent longest is dropped. */
    @WithDefault("64M")
    MemorySize nodeSizeMax();

    /** Live readers at once; one more gets a 503. */
    @WithDefault("100")
    int followersMax();

    /** Lines that wait for one live reader; one that falls further behind is cut off. */
    @WithDefault("1000")
    int followerLinesMax();

    default LogLimits limits() {
        return new LogLimits(
                revisionSizeMax().asLongValue(),
                revisionLinesMax(),
                nodeSizeMax().asLongValue(),
                followersMax(),
                followerLinesMax());
    }
}
