package dev.wisp.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresServerIT {

    @Test
    void keepsItsDataAndItsPromisesOverARestart(@TempDir Path home) throws Exception {
        try (EmbeddedPostgresServer server = EmbeddedPostgresServer.start(home)) {
            assertThat(query(server, "SHOW fsync")).isEqualTo("on");
            assertThat(query(server, "SHOW synchronous_commit")).isEqualTo("on");
            query(server, "CREATE TABLE kept AS SELECT 42 AS answer; SELECT 1");
        }

        try (EmbeddedPostgresServer server = EmbeddedPostgresServer.start(home)) {
            assertThat(query(server, "SELECT answer FROM kept")).isEqualTo("42");
        }
    }

    @Test
    void stopsAServerWhoseParentWasKilled(@TempDir Path home) throws Exception {
        assumeTrue(Files.isDirectory(Path.of("/proc/self")), "needs /proc to tell whose process a pid is");
        Path temporary = Files.createDirectory(home.resolve("temporary"));
        Process parent = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Parent.class.getName(),
                        home.toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output = parent.inputReader()) {
            assertThat(output.lines().anyMatch("ready"::equals)).isTrue();
        } finally {
            parent.destroyForcibly().waitFor();
        }

        assertThat(temporary).as("what it leaves among temporary files").isEmptyDirectory();
        try (EmbeddedPostgresServer server = EmbeddedPostgresServer.start(home)) {
            assertThat(query(server, "SELECT answer FROM kept")).isEqualTo("43");
        }
    }

    /** A process that starts a server and then waits to be killed. */
    static final class Parent {

        private Parent() {}

        public static void main(String[] args) throws Exception {
            EmbeddedPostgresServer server = EmbeddedPostgresServer.start(Path.of(args[0]));
            query(server, "CREATE TABLE kept AS SELECT 43 AS answer; SELECT 1");
            System.out.println("ready");
            Thread.currentThread().join();
        }
    }

    private static String query(EmbeddedPostgresServer server, String sql) throws Exception {
        try (Connection connection = DriverManager.getConnection(server.jdbcUrl());
                Statement statement = connection.createStatement()) {
            boolean rows = statement.execute(sql);
            while (!rows) {
                rows = statement.getMoreResults();
            }
            try (ResultSet result = statement.getResultSet()) {
                result.next();
                return result.getString(1);
            }
        }
    }
}
