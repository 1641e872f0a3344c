package dev.wisp.autoscaler.decision;

import dev.wisp.autoscaler.decision.ScaleDecision.Cause;
import dev.wisp.contracts.revision.ScalingSpec;
import dev.wisp.contracts.revision.ScalingSpec.Metric;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Says a decision in one sentence with the numbers it rests on. */
final class ScaleReason {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss'Z'", Locale.ROOT);

    private static final DateTimeFormatter DAY_AND_TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm'Z'", Locale.ROOT);

    private ScaleReason() {}

    /** {@code idle 1.0 s >= keep-alive 1 s}. */
    static String idle(long keepAliveMillis, Duration idle) {
        return keepAliveMillis == 0
                ? "keep-alive 0 s, gateways start an instance when a call comes"
                : "idle %s s >= keep-alive %s s"
                        .formatted(oneDecimal(idle.toMillis() / 1000.0), plain(keepAliveMillis / 1000.0));
    }

    static String active(
            ScalingSpec scaling,
            KpaSettings settings,
            ScaleInputs inputs,
            KpaDecision kpa,
            int desired,
            Cause cause,
            Duration idle) {
        String load = load(scaling, settings, inputs, kpa);
        return "%d: %s"
                .formatted(
                        desired,
                        switch (cause) {
                            case DEMAND -> load;
                            case PANIC -> "%s, panic until %s".formatted(load, panicUntil(settings, kpa));
                            case PANIC_HOLD ->
                                "held by panic until %s, would be %d (%s)"
                                        .formatted(panicUntil(settings, kpa), kpa.panicWanted(), load);
                            case STEP ->
                                "one step from %d ready allows %d to %d, would be %d (%s)"
                                        .formatted(
                                                inputs.ready(),
                                                kpa.stepMin(),
                                                kpa.stepMax(),
                                                Math.max(kpa.stableWanted(), kpa.panicking() ? kpa.panicWanted() : 0),
                                                load);
                            case SCALE_DOWN_DELAY ->
                                "held by scale-down-delay %d s, would be %d (%s)"
                                        .formatted(settings.scaleDownDelay().toSeconds(), kpa.undelayed(), load);
                            case ACTIVATION_SCALE ->
                                "activation-scale %d (%s)".formatted(settings.activationScale(), load);
                            case MAX_SCALE ->
                                "max-scale %d, would be %d (%s)".formatted(scaling.maxScale(), kpa.desired(), load);
                            case MIN_SCALE ->
                                "min-scale %d, would be %d (%s)".formatted(scaling.minScale(), kpa.desired(), load);
                            case SCHEDULE -> "%s, would be %d (%s)".formatted(schedule(inputs), kpa.desired(), load);
                            case INITIAL_SCALE ->
                                "initial-scale %d not reached yet, %d ready"
                                        .formatted(scaling.initialScale(), inputs.ready());
                            case KEEP_ALIVE, HELD, IDLE, NEVER_CALLED ->
                                "last call %s s ago, keep-alive %s s"
                                        .formatted(
                                                oneDecimal(idle.toMillis() / 1000.0),
                                                plain(scaling.keepAliveMillis() / 1000.0));
                        });
    }

    /** {@code schedule '0 8 * * 1-5' to '0 18 * * 1-5' Europe/Berlin until 2026-11-27 17:00Z}. */
    static String schedule(ScaleInputs inputs) {
        ScaleInputs.Scheduled scheduled = inputs.scheduled();
        return scheduled == null
                ? "no schedule"
                : "%s until %s"
                        .formatted(
                                scheduled.schedule(),
                                DAY_AND_TIME.format(scheduled.until().atOffset(ZoneOffset.UTC)));
    }

    /** {@code 210 in flight over 6 s / target 70}: the window that decided. */
    private static String load(ScalingSpec scaling, KpaSettings settings, ScaleInputs inputs, KpaDecision kpa) {
        boolean fast = kpa.panicking() && inputs.panicAverage() >= inputs.stableAverage();
        Duration window = fast ? settings.panicWindow() : settings.stableWindow();
        return "%s %s over %d s / target %s"
                .formatted(
                        plain(fast ? inputs.panicAverage() : inputs.stableAverage()),
                        scaling.metric() == Metric.RPS ? "requests/s" : "in flight",
                        window.toSeconds(),
                        plain(settings.target()));
    }

    private static String panicUntil(KpaSettings settings, KpaDecision kpa) {
        return time(ScalePolicy.panicUntil(settings, kpa.state()));
    }

    private static String time(@Nullable Instant at) {
        return at == null ? "now" : TIME.format(at.atOffset(ZoneOffset.UTC));
    }

    private static String oneDecimal(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    /** At most two decimals, none when whole. */
    private static String plain(double value) {
        String text = String.format(Locale.ROOT, "%.2f", value);
        return text.endsWith(".00")
                ? text.substring(0, text.length() - 3)
                : text.endsWith("0") ? text.substring(0, text.length() - 1) : text;
    }
}
