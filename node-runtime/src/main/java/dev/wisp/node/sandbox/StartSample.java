package dev.wisp.node.sandbox;

import dev.wisp.node.linux.Kernel;
import dev.wisp.node.linux.Named;
import dev.wisp.node.linux.Spawner;
import dev.wisp.node.linux.SyscallProgram;
import dev.wisp.node.linux.Table;
import java.util.List;

/** A start as data without a sandbox: to be printed, and to be run through before the first one counts. */
final class StartSample {

    private static final int WARM_ROUNDS = 300;
    private static final Named FILTER = new Named("{filter}", 0);

    private static final Furnishing FURNISHING = new Furnishing(new Spawner.Life(0, 4711), 40, 4096, 7);

    private static final WriteBounds BOUNDS = new WriteBounds(64L << 20, 64L << 20);

    private StartSample() {}

    static SyscallProgram furnish() {
        return FURNISHING.furnish(new Furnishing.Inputs(60, List.of(61, 62, 63, 64), 65, 66, 67, BOUNDS, Rights.NONE));
    }

    static SyscallProgram launch() {
        return Launch.program(new Launch.Inputs(
                "hello-00001-1",
                new ImageRoot(List.of("2", "1"), BOUNDS),
                BOUNDS,
                new ImageUser(1000, 1000, List.of(), "/"),
                Launch.candidates("hello", SandboxStart.PATH_DEFAULT, 32),
                List.of("hello"),
                List.of("PATH=" + SandboxStart.PATH_DEFAULT, "PORT=8080"),
                true,
                new Launch.Folders("/", List.of(), Launch.RootMode.WRITABLE),
                Rights.NONE,
                7,
                FILTER,
                new ExecLabel(
                        "apply AppArmor profile", "/proc/self/attr/apparmor/current", "changeprofile wisp-sandbox"),
                ""));
    }

    /** The three parts in order, as they are printed. */
    static String text() {
        return "before the ids are mapped\n"
                + FURNISHING.arrive().text()
                + "while nobody waits\n"
                + furnish().text()
                + "at a start\n"
                + launch().text();
    }

    /** Building and encoding a start takes half a millisecond interpreted and a few microseconds compiled. */
    static void warm(Kernel kernel) {
        for (int i = 0; i < WARM_ROUNDS; i++) {
            try (Table table = new Table(kernel)) {
                table.append(launch());
            }
        }
    }
}
