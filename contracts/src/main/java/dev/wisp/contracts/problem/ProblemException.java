package dev.wisp.contracts.problem;

import java.util.List;

/** Carries a problem document to the one place that writes it as a response. */
public final class ProblemException extends RuntimeException {

    private final transient Problem problem;

    public ProblemException(Problem problem) {
        super(problem.code() + " " + problem.detail());
        this.problem = problem;
    }

    public ProblemException(Problem problem, Throwable cause) {
        super(problem.code() + " " + problem.detail(), cause);
        this.problem = problem;
    }

    /**
     * A field of a request that is not as it must be.
     *
     * @param pointer JSON pointer to it
     * @param rule that it breaks
     */
    public static ProblemException invalid(String pointer, String rule) {
        return new ProblemException(Problem.of(ErrorCode.INVALID, "%s %s".formatted(pointer.substring(1), rule))
                .withErrors(List.of(new Problem.FieldError(pointer, rule))));
    }

    public Problem problem() {
        return problem;
    }
}
