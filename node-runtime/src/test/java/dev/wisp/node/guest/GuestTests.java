package dev.wisp.node.guest;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import org.awaitility.Awaitility;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs the test classes it is given, prints a line for each that did not pass and the sum, and exits with 0 when some ran and none failed. */
public final class GuestTests {

    /** An emulated processor is some twenty times slower than the machine the tests' own limits are made for. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private GuestTests() {}

    public static void main(String[] classes) {
        Awaitility.setDefaultTimeout(PATIENCE);
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(Arrays.stream(classes).map(GuestTests::selector).toList())
                .configurationParameter("junit.jupiter.execution.timeout.mode", "disabled")
                .build();
        Sum sum = new Sum(System.out);
        LauncherFactory.create().execute(request, sum);
        System.out.printf("%d passed, %d failed, %d skipped%n", sum.passed, sum.failed, sum.skipped);
        System.out.flush();
        System.exit(sum.failed == 0 && sum.passed > 0 ? 0 : 1);
    }

    private static DiscoverySelector selector(String name) {
        return DiscoverySelectors.selectClass(name);
    }

    /** Counts tests; a class that fails before its first test counts as a failed one, or its tests would be missing without a trace. */
    private static final class Sum implements TestExecutionListener {

        private final PrintStream out;
        private int passed;
        private int failed;
        private int skipped;
        private long begin;

        Sum(PrintStream out) {
            this.out = out;
        }

        @Override
        public void executionStarted(TestIdentifier test) {
            if (isClass(test)) {
                begin = System.nanoTime();
            }
        }

        private void tell(TestIdentifier test) {
            if (isClass(test)) {
                out.printf("%s %d s%n", test.getDisplayName(), (System.nanoTime() - begin) / 1_000_000_000);
            }
        }

        private static boolean isClass(TestIdentifier test) {
            return test.getSource().filter(ClassSource.class::isInstance).isPresent();
        }

        @Override
        public void executionSkipped(TestIdentifier test, String reason) {
            skipped++;
            out.println("  skipped " + test.getDisplayName() + ": " + reason);
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            tell(test);
            switch (result.getStatus()) {
                case SUCCESSFUL -> passed += test.isTest() ? 1 : 0;
                case ABORTED -> {
                    skipped++;
                    out.println("  skipped " + test.getDisplayName() + ": " + message(result));
                }
                case FAILED -> {
                    failed++;
                    out.println("  FAILED " + test.getDisplayName());
                    result.getThrowable().ifPresent(cause -> cause.printStackTrace(out));
                }
            }
        }

        private static String message(TestExecutionResult result) {
            return result.getThrowable().map(Throwable::getMessage).orElse("no reason given");
        }
    }
}
