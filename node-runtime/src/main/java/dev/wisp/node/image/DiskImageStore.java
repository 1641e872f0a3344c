package dev.wisp.node.image;

import dev.wisp.contracts.oci.Descriptor;
import dev.wisp.contracts.oci.Digest;
import dev.wisp.contracts.oci.ImageManifest;
import dev.wisp.contracts.oci.OciDocument;
import dev.wisp.contracts.oci.OciParser;
import dev.wisp.contracts.oci.RegistryClient;
import dev.wisp.contracts.oci.RegistryRepository;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.contracts.revision.ImageRef;
import dev.wisp.node.linux.FileCalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Images pulled from registries and kept unpacked in a folder of this host. Thread-safe. */
public final class DiskImageStore implements ImageStore {

    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

    private final ImageStoreConfig config;
    private final StoreFolder folder;
    private final RegistryClient registries = new RegistryClient(ANSWER_TIMEOUT);
    private final LayerFlights flights;

    /** Platform threads: errno, which the unpacking reads, belongs to the thread. */
    private final ExecutorService workers;

    /** Opens the store; throws when its folder cannot be used or another process uses it. */
    public DiskImageStore(ImageStoreConfig config) {
        this.config = config;
        try {
            this.folder = new StoreFolder(config.folder());
        } catch (IOException e) {
            throw new UncheckedIOException("image store %s cannot be used".formatted(config.folder()), e);
        }
        this.workers = Executors.newFixedThreadPool(
                config.workers(),
                Thread.ofPlatform().name("wisp-image-", 0).daemon().factory());
        LayerFetcher fetcher = new LayerFetcher(folder, new LayerUnpacker(new FileCalls()), config.diskReserveBytes());
        this.flights = new LayerFlights(fetcher, workers);
    }

    @Override
    public UnpackedImage prepare(ImageRef image) {
        try {
            return prepare(image, Digest.parse(image.digest()));
        } catch (ProblemException e) {
            throw named(image, e);
        } catch (IllegalArgumentException e) {
            throw named(image, new ProblemException(Problem.of(ErrorCode.IMAGE_INVALID, "" + e.getMessage()), e));
        } catch (IOException e) {
            throw named(image, HostFailure.problem("the image store", e));
        }
    }

    private UnpackedImage prepare(ImageRef image, Digest digest) throws IOException {
        PullTimes times = new PullTimes();
        RegistryRepository repository = registries.repository(image.repository(), image.insecure());
        ImageManifest manifest = manifest(digest, repository, times);
        if (manifest.layerBytes() > config.limits().compressedBytesMax()) {
            throw new ProblemException(Problem.of(
                    ErrorCode.IMAGE_TOO_LARGE,
                    "its layers have %d bytes, more than %d are not taken"
                            .formatted(manifest.layerBytes(), config.limits().compressedBytesMax())));
        }
        UnpackBudget budget = new UnpackBudget(config.limits(), System::nanoTime);
        List<CompletableFuture<LayerRecord>> layers = new ArrayList<>();
        for (Descriptor layer : manifest.layers()) {
            layers.add(layer(new LayerFetcher.Order(layer, repository, budget, times)));
        }
        return new UnpackedImage(
                digest.toString(),
                mountable(await(layers, budget)),
                manifest.layerBytes(),
                times.pullMicros(),
                times.unpackMicros());
    }

    /** A layer that is here does not wait for the workers. */
    private CompletableFuture<LayerRecord> layer(LayerFetcher.Order order) throws IOException {
        LayerRecord known = folder.layer(order.layer().digest()).orElse(null);
        return known == null ? flights.join(order) : CompletableFuture.completedFuture(known);
    }

    private ImageManifest manifest(Digest digest, RegistryRepository repository, PullTimes times) throws IOException {
        byte[] known = folder.manifest(digest)
                .filter(bytes -> Digest.of(bytes).equals(digest))
                .orElse(null);
        byte[] document = known != null ? known : times.pulling(() -> repository.manifest(digest));
        OciDocument parsed = OciParser.parse(document);
        if (!(parsed instanceof ImageManifest manifest)) {
            throw new ProblemException(
                    Problem.of(ErrorCode.IMAGE_INVALID, "%s is an index, not an image".formatted(digest)));
        }
        if (known == null) {
            folder.keepManifest(digest, document);
        }
        return manifest;
    }

    /** Waits for every layer, also after one failed, so that nothing of this call goes on behind its caller's back. */
    private static List<LayerRecord> await(List<CompletableFuture<LayerRecord>> layers, UnpackBudget budget) {
        List<LayerRecord> records = new ArrayList<>();
        ProblemException failure = null;
        for (CompletableFuture<LayerRecord> layer : layers) {
            try {
                records.add(layer.get(Math.max(0, budget.nanosLeft()), TimeUnit.NANOSECONDS));
            } catch (ExecutionException e) {
                failure = failure == null && e.getCause() instanceof ProblemException problem ? problem : failure;
                failure = failure == null ? unexpected(e) : failure;
            } catch (TimeoutException e) {
                failure = failure == null ? late(budget) : failure;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ProblemException(
                        Problem.of(ErrorCode.SHUTTING_DOWN, "interrupted while waiting for layers"), e);
            }
        }
        if (failure != null) {
            throw failure;
        }
        return records;
    }

    private static ProblemException unexpected(ExecutionException e) {
        return new ProblemException(Problem.of(ErrorCode.INTERNAL, "preparing a layer failed: " + e.getCause()), e);
    }

    private static ProblemException late(UnpackBudget budget) {
        return new ProblemException(Problem.of(
                ErrorCode.IMAGE_TOO_LARGE,
                "it was not pulled and unpacked within %s"
                        .formatted(budget.limits().timeout())));
    }

    /**
     * The folders to mount, bottom first, without those that a layer above hides as a whole. A layer that comes twice counts where it
     * is topmost: it covers all it had below, and overlayfs takes no folder twice.
     */
    private List<Path> mountable(List<LayerRecord> records) {
        List<Path> paths = new ArrayList<>();
        for (LayerRecord record : records) {
            if (record.rootOpaque()) {
                paths.clear();
            }
            Path path = folder.path(record);
            paths.remove(path);
            paths.add(path);
        }
        return paths;
    }

    private static ProblemException named(ImageRef image, ProblemException e) {
        Problem problem = e.problem();
        Problem named = new Problem(
                problem.type(),
                problem.title(),
                problem.status(),
                "image '%s': %s".formatted(image.reference(), problem.detail()),
                problem.instance(),
                problem.code(),
                problem.evidence(),
                problem.errors(),
                problem.hint());
        return new ProblemException(named, e);
    }

    @Override
    public Set<String> strays() {
        try {
            return folder.strays();
        } catch (IOException e) {
            throw new UncheckedIOException("looking through the image store", e);
        }
    }

    @Override
    public void close() {
        workers.shutdownNow();
        registries.close();
        try {
            // Until then a worker may still write below the folder, which another process could take over.
            if (!workers.awaitTermination(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("image workers did not stop within 30 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        folder.close();
    }
}
