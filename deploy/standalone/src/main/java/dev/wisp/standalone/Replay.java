package dev.wisp.standalone;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wisp.autoscaler.replay.AzureTrace;
import dev.wisp.autoscaler.replay.CallLog;
import dev.wisp.autoscaler.replay.Recording;
import dev.wisp.autoscaler.replay.WhatIf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What {@code wisp replay} asks the platform's own code, in a process of its own and without a running platform. */
public final class Replay {

    private static final int EXIT_INVALID = 2;
    private static final double MILLIS = 1_000;

    private Replay() {}

    /** {@code trace|calls PATH START_MILLIS PLOT_FILE|- POLICY…}; prints a JSON array. */
    public static void main(String[] arguments) throws IOException {
        try {
            Path path = Path.of(arguments[1]);
            Recording recording = arguments[0].equals("trace") ? AzureTrace.read(path) : CallLog.read(path);
            WhatIf whatIf = new WhatIf(recording, Double.parseDouble(arguments[2]) / MILLIS);
            List<WhatIf.Row> rows = new ArrayList<>();
            for (String policy : List.of(arguments).subList(4, arguments.length)) {
                rows.add(whatIf.row(policy));
            }
            if (!arguments[3].equals("-")) {
                String title = "%,d calls, a start takes %s ms".formatted(recording.calls(), arguments[2]);
                Files.writeString(Path.of(arguments[3]), whatIf.plot(title));
            }
            System.out.println(new ObjectMapper().writeValueAsString(rows));
        } catch (IllegalArgumentException | java.io.UncheckedIOException e) {
            System.err.println(e.getMessage());
            System.exit(EXIT_INVALID);
        }
    }
}
