package dev.wisp.bench.sandbox;

import dev.wisp.bench.report.BenchException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What there is in a network namespace, by the programs that people look with. */
final class NetworkLook {

    static final String OWN = "/proc/self/ns/net";

    private NetworkLook() {}

    /** Lines of all that nftables is told there. */
    static long rules(String network) {
        return lines(network, List.of("nft", "list", "ruleset"), "apt-get install nftables");
    }

    static long interfaces(String network) {
        return lines(network, List.of("ip", "-o", "link", "show"), "apt-get install iproute2");
    }

    private static long lines(String network, List<String> program, String remedy) {
        List<String> command = new ArrayList<>(List.of("nsenter", "--net=" + network));
        command.addAll(program);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            long lines;
            try (BufferedReader said = process.inputReader(StandardCharsets.UTF_8)) {
                lines = said.lines().count();
            }
            if (process.waitFor() != 0) {
                throw new BenchException("%s failed: %s".formatted(String.join(" ", command), remedy));
            }
            return lines;
        } catch (IOException e) {
            throw new BenchException("%s is missing: %s".formatted(program.getFirst(), remedy), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
    }
}
