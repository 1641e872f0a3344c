package dev.wisp.node.fake;

import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import dev.wisp.contracts.revision.ImageRef;
import dev.wisp.node.image.ImageStore;
import dev.wisp.node.image.UnpackedImage;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Has every image, or fails as a test says. */
public final class FakeImageStore implements ImageStore {

    private final List<Path> layers;
    private volatile @Nullable Problem failure;

    public FakeImageStore() {
        this(List.of(Path.of("a"), Path.of("b"), Path.of("c")));
    }

    /** Every image has these layers. */
    public FakeImageStore(List<Path> layers) {
        this.layers = List.copyOf(layers);
    }

    /** From now on every preparation ends like this; null for success. */
    public void failWith(@Nullable Problem problem) {
        failure = problem;
    }

    @Override
    public UnpackedImage prepare(ImageRef image) {
        Problem problem = failure;
        if (problem != null) {
            throw new ProblemException(problem);
        }
        return new UnpackedImage(image.digest(), layers, 4_299_161, 310_000, 70_000);
    }

    @Override
    public void close() {}
}
