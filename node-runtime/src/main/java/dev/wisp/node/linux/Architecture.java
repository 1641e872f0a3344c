package dev.wisp.node.linux;

/** What differs between processors: the numbers of system calls and the machine code that runs a program in a child. */
interface Architecture {

    /** Number of a call. */
    int number(Syscall call);

    /** Position-independent code; {@link TableLayout} is what it walks. */
    byte[] code();

    /** Where in {@link #code()} the function {@code spawn(clone_args, size, table)} starts. */
    int spawnOffset();

    /** Where in {@link #code()} the function {@code clock()} starts, which reads the counter that rows are stamped with. */
    int clockOffset();

    /** The one this JVM runs on. */
    static Architecture current() {
        String name = System.getProperty("os.arch");
        if (!name.equals("amd64")) {
            throw new IllegalStateException("os.arch=%s, Wisp starts sandboxes on amd64 only".formatted(name));
        }
        return new X8664();
    }
}
