package dev.wisp.node.image;

import dev.wisp.contracts.oci.Descriptor;
import dev.wisp.contracts.oci.RegistryRepository;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Brings one layer from its registry into the store: whole, or not at all. */
final class LayerFetcher {

    private final StoreFolder folder;
    private final LayerUnpacker unpacker;
    private final long diskReserveBytes;

    LayerFetcher(StoreFolder folder, LayerUnpacker unpacker, long diskReserveBytes) {
        this.folder = folder;
        this.unpacker = unpacker;
        this.diskReserveBytes = diskReserveBytes;
    }

    /** One layer, where to get it, and what it may cost. */
    record Order(Descriptor layer, RegistryRepository repository, UnpackBudget budget, PullTimes times) {}

    /** Throws {@link ProblemException} naming the layer; nothing of it is left then. */
    LayerRecord fetch(Order order) {
        String name = "layer " + order.layer().digest();
        try {
            LayerRecord known = folder.layer(order.layer().digest()).orElse(null);
            if (known != null) {
                return known;
            }
            requireSpace(order.layer());
            return download(order);
        } catch (RefusedLayerException e) {
            throw new ProblemException(Problem.of(e.code(), name + " " + e.getMessage()), e);
        } catch (IOException e) {
            throw HostFailure.problem(name, e);
        }
    }

    /** An early answer; the disk may still fill up on the way. */
    private void requireSpace(Descriptor layer) throws IOException {
        long usable = folder.usableBytes();
        if (usable - diskReserveBytes < layer.bytes()) {
            throw new ProblemException(Problem.of(
                            ErrorCode.DISK_FULL,
                            "layer %s has %d bytes, the disk %d free of which %d stay in reserve"
                                    .formatted(layer.digest(), layer.bytes(), usable, diskReserveBytes))
                    .withHint("free space below the node's image folder, then deploy again"));
        }
    }

    private LayerRecord download(Order order) throws IOException {
        Path download = folder.newDownload();
        try {
            order.times().pulling(() -> {
                Duration limit = Duration.ofNanos(Math.max(1, order.budget().nanosLeft()));
                try (OutputStream sink = Files.newOutputStream(download)) {
                    order.repository().copyBlob(order.layer(), sink, limit);
                }
                return download;
            });
            return order.times().unpacking(() -> unpack(download, order));
        } finally {
            Files.deleteIfExists(download);
            folder.done(download);
        }
    }

    private LayerRecord unpack(Path download, Order order) throws IOException {
        Path into = folder.newLayer();
        try {
            LayerUnpacker.Unpacked unpacked = unpacker.unpack(download, into, order.budget());
            LayerRecord layer = new LayerRecord(into.getFileName().toString(), unpacked.bytes(), unpacked.rootOpaque());
            folder.publish(order.layer().digest(), layer);
            return layer;
        } catch (IOException | RuntimeException e) {
            StoreFolder.deleteTree(into);
            throw e;
        } finally {
            folder.done(into);
        }
    }
}
