package dev.wisp.node.sandbox;

/**
 * Something of the host that sandboxes use.
 *
 * @param name for people
 * @param present whether the host has it
 * @param required whether nothing can be started without it
 * @param without what happens without it
 * @param remedy how to get it
 */
public record HostFeature(String name, boolean present, boolean required, String without, String remedy) {}
