package dev.wisp.node.linux;

/**
 * The code for aarch64, 164 bytes. As on x86-64 it uses no stack, no thread-local storage and no library. A system call keeps every register but x0; unlike
 * x86-64, this processor reads memory out of order, so that the word of a gate is read with acquire and opened with release.
 */
final class Aarch64 implements Architecture {

    /** Label, bytes, instruction; a test assembles the instructions and compares. */
    private static final String LISTING = """
            spawn: | 68 36 80 d2 | mov x8, #435           ; clone3; x0 = clone_args, x1 = its size, x2 = table
                   | 01 00 00 d4 | svc #0
                   | 40 00 00 b4 | cbz x0, child
                   | c0 03 5f d6 | ret                    ; the parent goes back with the process id or a negated errno
            child: | f3 03 02 aa | mov x19, x2            ; the header
                   | 54 00 01 91 | add x20, x2, #64       ; the first row
            row:   | 88 02 40 f9 | ldr x8, [x20]          ; number
                   | 80 86 40 a9 | ldp x0, x1, [x20, #8]
                   | 82 8e 41 a9 | ldp x2, x3, [x20, #24]
                   | 84 96 42 a9 | ldp x4, x5, [x20, #40]
                   | 89 3a 40 b9 | ldr w9, [x20, #56]     ; flags
                   | 49 00 08 36 | tbz w9, #1, call       ; argument from the row before?
                   | 80 02 5f f8 | ldur x0, [x20, #-16]   ; result of the row before
            call:  | 01 00 00 d4 | svc #0
                   | 80 22 00 f9 | str x0, [x20, #64]     ; result
                   | 4a e0 3b d5 | mrs x10, cntvct_el0
                   | 8a 26 00 f9 | str x10, [x20, #72]    ; counter
                   | e9 00 00 36 | tbz w9, #0, judge      ; a gate?
                   | 81 06 40 f9 | ldr x1, [x20, #8]
                   | 22 fc df 88 | ldar w2, [x1]          ; nothing after it is read before it: rows may have been appended
                   | 83 1a 40 b9 | ldr w3, [x20, #24]
                   | 5f 00 03 6b | cmp w2, w3             ; still closed?
                   | 00 fe ff 54 | b.eq row
                   | 09 00 00 14 | b next
            judge: | 1f fc 3f b1 | cmn x0, #4095
                   | e3 00 00 54 | b.lo next              ; not an error
                   | 84 3e 40 b9 | ldr w4, [x20, #60]     ; excused error
                   | 9f 04 00 31 | cmn w4, #1             ; any?
                   | 80 00 00 54 | b.eq next
                   | e0 03 00 cb | neg x0, x0
                   | 1f 00 04 6b | cmp w0, w4
                   | 61 00 00 54 | b.ne fail
            next:  | 94 42 01 91 | add x20, x20, #80
                   | e5 ff ff 17 | b row
            fail:  | 74 02 00 f9 | str x20, [x19]         ; which row
                   | e0 0f 80 d2 | mov x0, #127
                   | c8 0b 80 d2 | mov x8, #94            ; exit_group
                   | 01 00 00 d4 | svc #0
                   | 00 00 20 d4 | brk #0                 ; never reached
            clock: | 40 e0 3b d5 | mrs x0, cntvct_el0
                   | c0 03 5f d6 | ret
            """;

    private static final Listing CODE = new Listing(LISTING);

    @Override
    public String name() {
        return "aarch64";
    }

    @Override
    public int number(Syscall call) {
        return call.aarch64();
    }

    @Override
    public byte[] code() {
        return CODE.bytes();
    }

    @Override
    public int spawnOffset() {
        return CODE.offsetOf("spawn");
    }

    @Override
    public int clockOffset() {
        return CODE.offsetOf("clock");
    }

    static int offsetOf(String label) {
        return CODE.offsetOf(label);
    }

    /** For a test that asks an assembler. */
    static String source() {
        return CODE.source();
    }

    @Override
    public int auditName() {
        return 0xc00000b7;
    }

    /** Programs of 32 bits have an audit name of their own. */
    @Override
    public int foreignCallsFrom() {
        return 0;
    }

    @Override
    public int directoryFlag() {
        return 0x4000;
    }

    @Override
    public int noFollowFlag() {
        return 0x8000;
    }

    @Override
    public int epollDataOffset() {
        return 8;
    }
}
