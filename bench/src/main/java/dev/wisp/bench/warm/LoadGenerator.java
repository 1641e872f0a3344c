package dev.wisp.bench.warm;

import java.net.InetSocketAddress;

/** Asks as fast as answers come, over a number of kept connections, from one thread. */
interface LoadGenerator {

    String name();

    /** One round; processor time of the server is not in it. */
    LoadRound run(InetSocketAddress address, String host, int seconds);
}
