package dev.wisp.contracts.budget;

/** What a budget does beside telling. */
public enum BudgetAction {
    /** Nothing. */
    NOTIFY,
    /** Once its amount is spent, a gateway lets one call a second through. */
    THROTTLE,
    /** Once its amount is spent, calls are refused. */
    BLOCK,
    /** No call is admitted whose greatest price has not been set aside before. */
    CAP
}
