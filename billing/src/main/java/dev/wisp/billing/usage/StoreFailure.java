package dev.wisp.billing.usage;

import io.smallrye.mutiny.TimeoutException;
import io.vertx.core.VertxException;
import io.vertx.pgclient.PgException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells a store that is away from a question that is wrong: only the first may be answered with "try again". */
final class StoreFailure {

    private static final int CAUSES_MAX = 10;

    /**
     * Classes of SQLSTATE: connection, resources, operator intervention, system, and the two codes of a schema that is not there yet.
     */
    private static final Set<String> AWAY = Set.of("08", "53", "57", "58", "42P01", "3F000");

    private StoreFailure() {}

    static boolean isUnavailable(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < CAUSES_MAX; depth++) {
            if (saysAway(cause)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    static String reason(Throwable failure) {
        if (failure instanceof TimeoutException) {
            return "no answer in time";
        }
        String message = root(failure).getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }

    private static boolean saysAway(Throwable cause) {
        return switch (cause) {
            case PgException postgres ->
                AWAY.contains(postgres.getSqlState()) || AWAY.contains(prefix(postgres.getSqlState()));
            case SQLException jdbc -> AWAY.contains(jdbc.getSQLState()) || AWAY.contains(prefix(jdbc.getSQLState()));
            case IOException ignored -> true;
            case TimeoutException ignored -> true;
            case VertxException ignored -> true;
            default -> false;
        };
    }

    private static String prefix(@Nullable String sqlState) {
        return sqlState == null || sqlState.length() < 2 ? "" : sqlState.substring(0, 2);
    }

    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        for (int depth = 0; root.getCause() != null && depth < CAUSES_MAX; depth++) {
            root = root.getCause();
        }
        return root;
    }
}
