package dev.wisp.standalone;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.IOException;
import java.util.Optional;

/** Starts Wisp: servers and services at once, in the process that {@code wisp up} leaves running. */
@QuarkusMain
public final class Main {

    private static final int EXIT_IN_USE = 4;

    private Main() {}

    public static void main(String[] args) throws IOException {
        Home home = Home.resolve(System.getenv());
        home.create();
        Optional<HomeLock> lock = HomeLock.acquire(home);
        if (lock.isEmpty()) {
            System.err.printf("another Wisp is running on %s%n", home.folder());
            System.exit(EXIT_IN_USE);
        }
        Settings settings = new Settings(System.getenv());
        settings.load(home);
        StandaloneProcess.start(home, settings, lock.orElseThrow());
        Quarkus.run(args);
    }
}
