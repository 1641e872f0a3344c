package dev.wisp.controller.serving;

import dev.wisp.testkit.MemoryBus;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The bus of the test application, also under its own type, so that a test can look into it. */
final class TestBus {

    private TestBus() {}

    @Produces
    @Singleton
    static MemoryBus memory() {
        return new MemoryBus();
    }
}
