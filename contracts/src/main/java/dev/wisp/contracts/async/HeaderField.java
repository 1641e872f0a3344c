package dev.wisp.contracts.async;

/** One field of a stored head. */
public record HeaderField(String name, String value) {}
