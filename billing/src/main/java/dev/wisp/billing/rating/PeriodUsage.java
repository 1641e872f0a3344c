package dev.wisp.billing.rating;

/** What was used under one version of the prices. */
public record PeriodUsage(PriceTerms terms, Quantities quantities) {}
