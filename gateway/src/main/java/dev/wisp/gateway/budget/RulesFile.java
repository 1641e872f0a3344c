package dev.wisp.gateway.budget;

import dev.wisp.contracts.budget.BudgetRule;
import dev.wisp.contracts.bus.WireJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.List;
import org.jboss.logging.Logger;

/** The last known budgets on disk: a gateway that starts while the bus is away must not serve without bound what is capped. */
final class RulesFile {

    private static final Logger LOG = Logger.getLogger(RulesFile.class);
    private static final long BYTES_MAX = 1L << 20;

    private final Path file;

    private record Rules(List<BudgetRule> rules) {

        private Rules {
            rules = rules == null ? List.of() : List.copyOf(rules);
        }
    }

    RulesFile(Path directory) {
        this.file = directory.resolve("budgets.json");
    }

    /** Empty when there is none, or none that can be read: the bus will tell. */
    List<BudgetRule> read() {
        try {
            if (!Files.exists(file) || Files.size(file) > BYTES_MAX) {
                return List.of();
            }
            return WireJson.read(Files.readAllBytes(file), Rules.class).rules();
        } catch (IOException | IllegalArgumentException e) {
            LOG.warnf("last known budgets in %s cannot be read, waiting for the bus: %s", file, e.getMessage());
            return List.of();
        }
    }

    /** Whole, to a new file that takes the old one's place. */
    void write(Collection<BudgetRule> rules) {
        Path next = file.resolveSibling("budgets.json.next");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(next, WireJson.write(new Rules(List.copyOf(rules))));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.warnf("last known budgets cannot be kept in %s: %s", file, e.toString());
        }
    }
}
