package dev.wisp.billing.budget;

import dev.wisp.billing.label.LabelSelector;
import dev.wisp.billing.usage.LedgerJobs;
import dev.wisp.contracts.budget.BudgetAction;
import dev.wisp.contracts.clock.SteadyClock;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import dev.wisp.contracts.problem.ProblemException;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/** {@code /v1/billing/budgets}: what may be spent in a month, and what was. */
@Path("/v1/billing/budgets")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class BudgetsResource {

    private static final int BUDGETS_MAX = 100;
    private static final int THRESHOLDS_MAX = 10;
    private static final int PERCENT_MAX = 1_000;
    private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

    private final LedgerJobs jobs;
    private final BudgetWatch watch;
    private final InstantSource clock = SteadyClock.system();

    /** A budget as it is asked for. */
    public record Wanted(
            @Nullable String namespace,
            @Nullable String amount,
            @Nullable List<Integer> actual,
            @Nullable List<Integer> forecastAt,
            @Nullable String action,
            @Nullable String labels) {}

    BudgetsResource(LedgerJobs jobs, BudgetWatch watch) {
        this.jobs = jobs;
        this.watch = watch;
    }

    @GET
    public Uni<List<BudgetView>> list() {
        return jobs.write(connection -> Budgets.views(connection, clock.instant()));
    }

    @PUT
    @Path("{name}")
    public Uni<BudgetView> put(@RestPath String name, Wanted wanted) {
        Budget budget = checked(name, wanted, clock.instant());
        return told(jobs.write(connection -> {
            Budget before = BudgetRows.locked(connection, name);
            List<Budget> others = BudgetRows.all(connection);
            if (others.size() >= BUDGETS_MAX
                    && others.stream().noneMatch(one -> one.name().equals(name))) {
                throw invalid("there are %d budgets, which is the most".formatted(BUDGETS_MAX));
            }
            Budget stored = budget.over(before);
            if (before != null && !before.scopeId().equals(stored.scopeId())) {
                LeaseRows.drop(connection, name);
            }
            BudgetRows.put(connection, stored);
            return view(Budgets.views(connection, clock.instant()), name);
        }));
    }

    /** Gateways hear of it at once and not in the next round. */
    private <T> Uni<T> told(Uni<T> change) {
        return change.invoke(watch::poke);
    }

    @DELETE
    @Path("{name}")
    public Uni<Void> delete(@RestPath String name) {
        return told(jobs.write(connection -> BudgetRows.delete(connection, name)))
                .map(found -> {
                    if (!found) {
                        throw new ProblemException(Problem.of(ErrorCode.NOT_FOUND, "no budget " + name));
                    }
                    return null;
                });
    }

    private static BudgetView view(List<BudgetView> views, String name) {
        return views.stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
    }

    private static Budget checked(String name, Wanted wanted, Instant now) {
        if (!name.matches(LABEL)) {
            throw invalid("name must be 1..63 small letters, digits and hyphens");
        }
        if (wanted.namespace() != null && !wanted.namespace().matches(LABEL)) {
            throw invalid("namespace must be a name of one");
        }
        if (wanted.amount() == null || !wanted.amount().matches("\\d{1,12}(\\.\\d{1,12})?")) {
            throw invalid("amount must be a decimal such as 50.00");
        }
        Map<String, String> labels = LabelSelector.parse(wanted.labels());
        if (labels == null) {
            throw invalid("labels " + LabelSelector.RULE);
        }
        BigDecimal amount = new BigDecimal(wanted.amount());
        if (amount.signum() == 0) {
            throw invalid("amount must be above 0");
        }
        return new Budget(
                name,
                wanted.namespace(),
                amount,
                percents("actual", wanted.actual(), List.of(50, 80, 100)),
                percents("forecastAt", wanted.forecastAt(), List.of(100)),
                action(wanted.action()),
                UUID.randomUUID(),
                LeasePolicy.enforcedFrom(now),
                false,
                labels);
    }

    private static BudgetAction action(@Nullable String given) {
        String text = given == null ? BudgetAction.NOTIFY.name() : given.toUpperCase(Locale.ROOT);
        for (BudgetAction action : BudgetAction.values()) {
            if (action.name().equals(text)) {
                return action;
            }
        }
        throw invalid("action must be notify, throttle, block or cap");
    }

    private static List<Integer> percents(String field, @Nullable List<Integer> given, List<Integer> missing) {
        List<Integer> percents = given == null ? missing : given;
        if (percents.size() > THRESHOLDS_MAX
                || percents.stream().anyMatch(percent -> percent == null || percent < 1 || percent > PERCENT_MAX)) {
            throw invalid("%s must be at most %d percentages, 1..%d".formatted(field, THRESHOLDS_MAX, PERCENT_MAX));
        }
        return percents;
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(Problem.of(ErrorCode.INVALID, detail));
    }
}
