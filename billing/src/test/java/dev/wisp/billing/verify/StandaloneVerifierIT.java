package dev.wisp.billing.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wisp.billing.export.LedgerExport;
import dev.wisp.billing.ledger.LedgerDatabase;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program that customers get, as they get it: one file that is compiled here without anything of this project. */
class StandaloneVerifierIT {

    private static final Path SOURCE =
            Path.of("../deploy/verifier/WispVerify.java").toAbsolutePath();
    private static final long SEED = 20_261_128;
    private static final int CHANGES = 100;

    @TempDir
    static Path home;

    private static LedgerDatabase database;
    private static URLClassLoader loader;
    private static Method verify;

    @BeforeAll
    static void start() throws Exception {
        database = LedgerDatabase.create();
        FilledLedger.fill(database);
        int failed =
                ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", home.toString(), SOURCE.toString());
        assertThat(failed).isZero();
        loader = new URLClassLoader(new URL[] {home.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
        verify = loader.loadClass("WispVerify").getMethod("verify", InputStream.class, String.class);
    }

    @AfterAll
    static void stop() throws Exception {
        loader.close();
        database.close();
    }

    @Test
    void anExportOfALedgerThatNobodyTouchedIsClean() throws Exception {
        for (String namespace : List.of("default", "shop", "empty")) {
            assertThat(verified(export(namespace), ""))
                    .startsWith("namespace %s: ".formatted(namespace))
                    .contains("as it was recorded");
        }
    }

    private static Process run(Path export) throws Exception {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(), SOURCE.toString(), export.toString())
                .redirectErrorStream(true)
                .start();
    }

    /** As the documentation says to run it. */
    @Test
    void runsFromItsSourceAlone() throws Exception {
        Path file = home.resolve("default.txt");
        Files.write(file, export("default"));

        Process process = run(file);
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said)
                .contains(" USD", "days that are kept no longer, and could not be checked: [2026-11-21]")
                .contains("keep this, and give it with --kept next time: default:");
    }

    /** A verifier that is older than the export says so, and not that the ledger is wrong. */
    @Test
    void anExportOfALaterFormatIsNotJudged() throws Exception {
        String text = new String(export("default"), StandardCharsets.UTF_8);
        String later = text.replaceFirst("wisp-ledger-export 3\n", "wisp-ledger-export 4\nsomething new\n");
        Path file = home.resolve("later.txt");
        Files.writeString(file, later);

        Process process = run(file);

        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualToIgnoringNewLines(
                        "NOT checked: this export is of format 4, this verifier reads formats up to 3: get the newer one");
        assertThat(process.waitFor()).isEqualTo(2);
    }

    /** Of the format before there were labels. */
    @Test
    void anExportOfAnEarlierFormatIsRead() throws Exception {
        List<String> lines =
                new ArrayList<>(Arrays.asList(new String(export("empty"), StandardCharsets.UTF_8).split("\n")));
        lines.set(0, "wisp-ledger-export 1");
        lines.removeLast();
        assertThat(verified(ended(lines).getBytes(StandardCharsets.UTF_8), "")).contains("as it was recorded");
    }

    /** A column more is another format, or verifiers of before would call a ledger wrong that is right. */
    @Test
    void whatRowsOfThisFormatHave() throws Exception {
        Map<String, Integer> columns = new TreeMap<>();
        String both = new String(export("default"), StandardCharsets.UTF_8)
                + new String(export("shop"), StandardCharsets.UTF_8);
        for (String line : both.split("\n")) {
            String[] words = line.split(" ");
            if (Set.of("labels", "record", "time", "price", "correction").contains(words[0])) {
                byte[] row = Base64.getDecoder().decode(words[words.length - 1]);
                columns.merge(words[0], ByteBuffer.wrap(row).getInt(), Math::max);
            }
        }
        assertThat(columns)
                .as("format 3")
                .isEqualTo(Map.of("labels", 6, "record", 32, "time", 22, "price", 12, "correction", 16));
    }

    @Test
    void anyOneBitThatIsNotAsItWasIsFound() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        byte[] export = export("default");
        List<Integer> missed = new ArrayList<>();
        for (int i = 0; i < CHANGES; i++) {
            byte[] changed = export.clone();
            int at = random.nextInt(changed.length);
            changed[at] ^= (byte) (1 << random.nextInt(8));
            if (!verified(changed, "").startsWith("NOT ")) {
                missed.add(at);
            }
        }

        assertThat(missed).as("seed=%d", SEED).isEmpty();
    }

    @Test
    void anyOneLineThatIsGoneOrThereTwiceOrElsewhereIsFound() throws Exception {
        SplittableRandom random = new SplittableRandom(SEED);
        List<String> lines = Arrays.asList(new String(export("default"), StandardCharsets.UTF_8).split("\n"));
        lines = lines.subList(0, lines.size() - 1);
        List<String> missed = new ArrayList<>();
        for (int i = 0; i < CHANGES; i++) {
            List<String> changed = new ArrayList<>(lines);
            int at = random.nextInt(changed.size());
            int way = random.nextInt(3);
            String line = changed.get(at);
            if (way == 0) {
                changed.remove(at);
            } else if (way == 1) {
                changed.add(at, line);
            } else {
                changed.remove(at);
                changed.add((at + 1 + random.nextInt(changed.size())) % (changed.size() + 1), line);
            }
            String text = ended(changed);
            if (!changed.equals(lines)
                    && !verified(text.getBytes(StandardCharsets.UTF_8), "").startsWith("NOT ")) {
                missed.add("way=%d line=%s".formatted(way, line));
            }
        }

        assertThat(missed)
                .as("seed=%d", SEED)
                .allMatch(line -> line.matches("way=0 line=total \\w+ 2026-11-2[012] .*"));
    }

    /** With the last line made right again: whoever changes an export takes care of that. The sums of a day that is gone are all that is believed. */
    private static String ended(List<String> lines) throws Exception {
        String text = String.join("\n", lines) + "\n";
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        return "%send %d %s\n".formatted(text, lines.size(), HexFormat.of().formatHex(digest));
    }

    /** Somebody changes what a call cost, everywhere, and all links after it: what a customer has kept is not there any more. */
    @Test
    void aLedgerThatWasWrittenAnewIsFoundByWhatWasKept() throws Exception {
        String said = verified(export("default"), "");
        String kept = said.substring(said.lastIndexOf(' ') + 1).strip();
        assertThat(verified(export("default"), kept)).contains("as it was recorded");
        int hashAt = kept.lastIndexOf(':') + 1;

        String other = kept.substring(0, hashAt) + "0".repeat(64);

        assertThat(verified(export("default"), other)).contains("the ledger was written anew");
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        assertThat(verifiedAfter(
                        "UPDATE billing.invocation SET cost_picos = cost_picos + 1 WHERE namespace = 'default'"))
                .matches("NOT .*record [0-9a-f]{32}: \\d+ ms and \\d+ picos under prices 1, should be .*");
        assertThat(verifiedAfter("UPDATE billing.invocation SET instance_id = 'other' WHERE namespace = 'default'"))
                .matches("NOT .*records of 2026-11-2\\d, batch \\d+: at least one was changed");
        assertThat(verifiedAfter(
                        "UPDATE billing.usage_day SET cost_picos = cost_picos + 1 WHERE bucket >= '2026-11-23'"))
                .startsWith("NOT ");
        assertThat(verifiedAfter("UPDATE billing.label_set SET counts_from = '2026-11-01' WHERE namespace = 'default'"))
                .matches("NOT as it was recorded: labels, batch \\d+: at least one was changed");
        assertThat(verifiedAfter("UPDATE billing.price_book SET per_request_picos = 0"))
                .isEqualTo("NOT as it was recorded: prices 1: it was changed");
        assertThat(verifiedAfter("DELETE FROM billing.chain WHERE namespace = 'default' AND seq = 2"))
                .isEqualTo("NOT as it was recorded: chain of namespace default: link 3 follows link 1");
    }

    private static byte[] export(String namespace) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        LedgerExport.write(database.dataSource(), namespace, out);
        return out.toByteArray();
    }

    private static String verifiedAfter(String sql) throws Exception {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute(sql);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            LedgerExport.inTransaction(connection, "default", out);
            connection.rollback();
            return verified(out.toByteArray(), "");
        }
    }

    private static String verified(byte[] export, String kept) throws Exception {
        try {
            return String.valueOf(verify.invoke(null, new ByteArrayInputStream(export), kept));
        } catch (InvocationTargetException e) {
            Throwable finding = Objects.requireNonNull(e.getCause());
            String kind = finding.getClass().getSimpleName();
            assertThat(kind).isIn("Finding", "TooNew");
            return "NOT %s: %s"
                    .formatted(kind.equals("Finding") ? "as it was recorded" : "checked", finding.getMessage());
        }
    }
}
