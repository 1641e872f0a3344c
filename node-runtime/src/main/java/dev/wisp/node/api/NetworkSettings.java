package dev.wisp.node.api;

import dev.wisp.contracts.revision.Cidr;
import dev.wisp.node.network.EgressConfig;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Settings of the network of sandboxes with egress. */
@ConfigMapping(prefix = "wisp.node.network")
public interface NetworkSettings {

    /**
     * Where connections of sandboxes leave this node: {@code none}, {@code host} (over the host's own network, which must forward packets), or the path of a
     * network namespace that the operator has made.
     */
    @WithDefault("none")
    String uplink();

    /** Addresses between node and sandboxes, not used elsewhere; two nodes on one host need two pools. */
    @WithDefault("198.19.0.0/16")
    String pool();

    /** Name servers of sandboxes; without it those of the host that are not on loopback. */
    Optional<List<String>> nameservers();

    /** Private ranges that an account may put into allow-lists, by account. */
    Map<String, List<String>> opened();

    /** Most sandboxes held ready with a way out, from the first start on that needs one; one costs about 300 KiB. */
    @WithDefault("4")
    int readyMax();

    /** Connections that one sandbox may have at once. */
    @WithDefault("1024")
    int connectionsMax();

    /** Connections that one sandbox may begin in a second. */
    @WithDefault("500")
    int connectionsPerSecondMax();

    /** Bytes that one sandbox may send, and receive, in a second. */
    @WithDefault("25000000")
    int bytesPerSecondMax();

    /** As the network takes them. */
    default EgressConfig config(String name) {
        return new EgressConfig(
                name,
                EgressConfig.outside(uplink()),
                Cidr.parse(pool()),
                ranges(nameservers().orElse(List.of())),
                opened().entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, entry -> ranges(entry.getValue()))),
                readyMax(),
                new EgressConfig.Limits(connectionsMax(), connectionsPerSecondMax(), bytesPerSecondMax()));
    }

    private static List<Cidr> ranges(List<String> texts) {
        return texts.stream().map(Cidr::parse).toList();
    }
}
