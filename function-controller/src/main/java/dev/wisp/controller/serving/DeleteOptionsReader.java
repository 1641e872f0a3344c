package dev.wisp.controller.serving;

import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.Problem.FieldError;
import dev.wisp.contracts.problem.ProblemException;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the options that Kubernetes clients send with a DELETE; how dependents go is not theirs to choose here. */
final class DeleteOptionsReader {

    private DeleteOptionsReader() {}

    /** Which object, in which state, the client means to delete. */
    record Preconditions(@Nullable String uid, @Nullable String resourceVersion) {}

    static Preconditions read(byte[] body) {
        if (body.length == 0) {
            return new Preconditions(null, null);
        }
        DeleteOptions options = KnativeJson.typed(KnativeJson.tree(body), DeleteOptions.class);
        if (options.getDryRun() != null && !options.getDryRun().isEmpty()) {
            throw new ProblemException(Problem.of(ErrorCode.INVALID, "a dry run is not supported; nothing was deleted")
                    .withErrors(List.of(new FieldError("/dryRun", "is not supported by Wisp; remove it"))));
        }
        return options.getPreconditions() == null
                ? new Preconditions(null, null)
                : new Preconditions(
                        options.getPreconditions().getUid(),
                        options.getPreconditions().getResourceVersion());
    }
}
