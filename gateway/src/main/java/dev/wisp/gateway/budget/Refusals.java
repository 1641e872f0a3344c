package dev.wisp.gateway.budget;

import dev.wisp.contracts.budget.BudgetRule;
import dev.wisp.contracts.price.Money;
import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;
import java.util.stream.Collectors;

/** What callers are told whose call is not paid for: which budget, why, and until when. */
final class Refusals {

    private Refusals() {}

    static Problem spent(BudgetRule rule) {
        return Problem.of(
                        ErrorCode.BUDGET_SPENT, "%s is spent; it resets at %s".formatted(budget(rule), rule.resetsAt()))
                .withHint(raise(rule));
    }

    static Problem tooLittle(BudgetRule rule, long neededPicos, long unspentPicos) {
        return Problem.of(
                        ErrorCode.BUDGET_SPENT,
                        "%s has %s %s left, and this call may cost up to %s %s; it resets at %s"
                                .formatted(
                                        budget(rule),
                                        Money.decimal(Math.max(0, unspentPicos)),
                                        rule.currency(),
                                        Money.decimal(neededPicos),
                                        rule.currency(),
                                        rule.resetsAt()))
                .withHint(raise(rule)
                        + ", or lower the service's timeout, processors or memory: they bound what a call may cost");
    }

    static Problem throttled(BudgetRule rule) {
        return Problem.of(
                        ErrorCode.BUDGET_THROTTLED,
                        "%s is spent: one call a second goes through each gateway until it resets at %s"
                                .formatted(budget(rule), rule.resetsAt()))
                .withHint("try again in a second; " + raise(rule));
    }

    static Problem allSetAside(BudgetRule rule, long neededPicos) {
        return Problem.of(
                        ErrorCode.BUDGET_UNSURE,
                        "what is left of %s is set aside for calls under way, and this one may cost up to %s %s"
                                .formatted(budget(rule), Money.decimal(neededPicos), rule.currency()))
                .withHint("try again in a second: what those calls do not cost is free again then");
    }

    static Problem noLease(BudgetRule rule) {
        return Problem.of(
                        ErrorCode.BUDGET_UNSURE,
                        "this gateway has no more money of %s and has no answer from billing yet"
                                .formatted(budget(rule)))
                .withHint("try again in a second; when it stays so, billing or the broker is away: see wisp status");
    }

    static Problem unknownRevision(BudgetRule rule) {
        return Problem.of(
                ErrorCode.BUDGET_UNSURE,
                "%s is capped and what a call of this revision may cost is not known yet".formatted(budget(rule)));
    }

    private static String budget(BudgetRule rule) {
        return "budget %s of %s %s a month for %s%s"
                .formatted(
                        rule.name(),
                        rule.amount().toPlainString(),
                        rule.currency(),
                        rule.namespace() == null ? "all namespaces" : "namespace " + rule.namespace(),
                        rule.labels().isEmpty() ? "" : ", label " + labels(rule));
    }

    private static String labels(BudgetRule rule) {
        return rule.labels().entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .sorted()
                .collect(Collectors.joining(","));
    }

    private static String raise(BudgetRule rule) {
        return "its owner can raise it with wisp billing budgets set %s --amount".formatted(rule.name());
    }
}
