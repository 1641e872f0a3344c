package dev.wisp.billing.console;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How the page is served. */
@ConfigMapping(prefix = "wisp.billing.console")
public interface ConsoleConfig {

    /** Port in the service URLs that the page shows: the gateway's, as callers see it. */
    @WithDefault("${wisp.gateway.port:8080}")
    int gatewayPort();

    /** Where the gateway is reached from this process, for requests sent with the page's test form. */
    @WithDefault("127.0.0.1")
    String gatewayHost();

    /** Pages that may follow the live view at once; more are refused. */
    @WithDefault("64")
    int viewersMax();

    /** How often a page hears what is new. */
    @WithDefault("250ms")
    Duration refresh();
}
