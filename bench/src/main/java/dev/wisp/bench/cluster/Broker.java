package dev.wisp.bench.cluster;

import dev.wisp.embedded.EmbeddedKafka;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** Program: the platform's Kafka by itself, until it is ended. Arguments: folder, port. */
public final class Broker {

    private Broker() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        EmbeddedKafka kafka = EmbeddedKafka.start(Path.of(args[0]), Integer.parseInt(args[1]));
        Runtime.getRuntime().addShutdownHook(new Thread(kafka::close, "close"));
        new CountDownLatch(1).await();
    }
}
