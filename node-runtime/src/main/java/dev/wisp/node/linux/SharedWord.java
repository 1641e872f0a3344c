package dev.wisp.node.linux;

/** Words in the header of a table through which a child and the runtime speak. */
public enum SharedWord {
    /** Set by the runtime when the child's user ids are mapped. */
    MAPPED(TableLayout.MAPPED_GATE),
    /** Set by the runtime when the rows behind the gate are filled in. */
    START(TableLayout.START_GATE),
    /** Set by the child when it has come to the gate. */
    PARKED(TableLayout.PARKED_WORD),
    /** Set by the child when it has mounted an image ahead of a start. */
    MOUNTED(TableLayout.MOUNTED_WORD),
    /** Set by the runtime for a child that waits with its image mounted. */
    LAUNCH(TableLayout.LAUNCH_GATE);

    private final int offset;

    SharedWord(int offset) {
        this.offset = offset;
    }

    int offset() {
        return offset;
    }
}
