package dev.wisp.billing.usage;

import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import java.util.List;

/** The answer to a query parameter that is not what it must be. */
public final class InvalidParameter {

    private static final int SHOWN_MAX = 100;

    private InvalidParameter() {}

    /**
     * @param name of the parameter, as it stands in the query
     * @param value what was given; only its beginning is repeated
     * @param rule what it must be: {@code must be 1..1000}
     */
    public static ProblemException of(String name, String value, String rule) {
        String shown = value.length() <= SHOWN_MAX ? value : value.substring(0, SHOWN_MAX) + "…";
        String detail = "%s=%s, %s".formatted(name, shown, rule);
        return new ProblemException(Problem.of(ErrorCode.INVALID, detail)
                .withErrors(List.of(new Problem.FieldError("/" + name, rule)))
                .withHint("correct the parameter '%s' of the query".formatted(name)));
    }
}
