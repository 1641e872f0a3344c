package dev.wisp.autoscaler.keepalive;

/** The same time for every level, whatever happened before. Never evicting is a time that never ends. */
public record FixedKeepAlive(HoldWindows held) implements KeepAlive {

    public static FixedKeepAlive of(double seconds) {
        return new FixedKeepAlive(HoldWindows.until(seconds));
    }

    @Override
    public HoldWindows windows(int level) {
        return held;
    }
}
