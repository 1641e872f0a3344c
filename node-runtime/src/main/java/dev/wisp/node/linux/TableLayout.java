package dev.wisp.node.linux;

/**
 * The memory that a child walks: a header, then rows of equal size, then whatever the rows point to.
 *
 * <pre>
 * header   0  address of the row that failed, 0 while none has
 *         16  word of the gate "mapped"    24  word "parked"
 *         20  word of the gate "start"     28  thread id word, zeroed by the kernel at execve and at exit
 *         32  descriptor of the process      36  word of the gate "launch"
 *         40  word "mounted"
 * row      0  number                       56  flags
 *          8  six arguments                60  excused error number, -1 for any
 *                                          64  result      72  counter when it returned
 * </pre>
 */
final class TableLayout {

    static final int HEADER_BYTES = 64;
    static final int FAILED_ROW = 0;
    static final int MAPPED_GATE = 16;
    static final int START_GATE = 20;
    static final int PARKED_WORD = 24;
    static final int TID_WORD = 28;
    static final int PIDFD = 32;
    static final int LAUNCH_GATE = 36;
    static final int MOUNTED_WORD = 40;

    static final int ROW_BYTES = 80;
    static final int NUMBER = 0;
    static final int ARGUMENTS = 8;
    static final int FLAGS = 56;
    static final int EXCUSED = 60;
    static final int RESULT = 64;
    static final int STAMP = 72;

    /** The row is repeated until the word its first argument points to differs from its third. */
    static final int FLAG_GATE = 1;
    /** The first argument is the result of the row before. */
    static final int FLAG_PREVIOUS = 2;

    /** Exit code of a child whose table failed; what went wrong is in the table. */
    static final int FAILED_EXIT_CODE = 127;

    private TableLayout() {}
}
