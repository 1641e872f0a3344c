package dev.wisp.node.linux;

/**
 * What a child does when a call fails.
 *
 * @param excusedErrno the error it goes on with: 0 for none, -1 for any
 */
public record OnFailure(int excusedErrno) {

    public static final OnFailure STOP = new OnFailure(0);
    public static final OnFailure GO_ON = new OnFailure(-1);

    /** Goes on with this error only. */
    public static OnFailure goOnWith(int errno) {
        return new OnFailure(errno);
    }

    String text() {
        return switch (excusedErrno) {
            case 0 -> "";
            case -1 -> " [may fail]";
            default -> " [" + Errno.name(excusedErrno) + " is fine]";
        };
    }
}
