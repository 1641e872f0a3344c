package dev.wisp.node.escape;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the probes with the guards off: as root on the host, in namespaces of the test's own only where a probe that gets through would change something.
 */
final class Control {

    private final ProbeImage image;
    private final Path scratch;
    private final List<String> quarry;

    Control(ProbeImage image, Path scratch, List<String> quarry) {
        this.image = image;
        this.scratch = scratch;
        this.quarry = quarry;
    }

    List<Verdict> run(String program) {
        List<String> command = new ArrayList<>(List.of("unshare"));
        command.addAll(namespaces(program));
        command.addAll(List.of("sh", "-c", setUp(program) + "\"$@\"", "sh"));
        command.add(image.layer.resolve(program).toString());
        command.addAll(quarry);
        command.addAll(List.of(
                "scratch=" + scratch,
                "nodes=" + image.layer.resolve("nodes"),
                "gains=" + image.layer.resolve("gains"),
                "drop=yes"));
        if (program.equals("calls")) {
            command.add("mounts=private");
        }
        return Verdict.parse(Commands.run(command));
    }

    private static List<String> namespaces(String program) {
        return switch (program) {
            case "files" -> List.of("-mpiu", "-f", "--mount-proc");
            case "calls" -> List.of("-mpiun", "-f", "--mount-proc");
            case "packets" -> List.of("-mn");
            default -> List.of("-m");
        };
    }

    /** What a careless runtime would have left open: a folder outside, as descriptor and as working folder, and an inheritable capability. */
    private String setUp(String program) {
        String mount = "mount -t tmpfs tmpfs '%s' && ".formatted(scratch);
        return switch (program) {
            case "calls" -> mount + "setpriv --inh-caps +chown -- ";
            case "processes" -> mount + "cd '%1$s' && umount -l '%1$s' && exec 9</ && ".formatted(scratch);
            default -> mount;
        };
    }
}
