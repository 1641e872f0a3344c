package dev.wisp.node.linux;

/**
 * The code for x86-64: 157 bytes that use no stack, no thread-local storage and no library, because a child that shares the JVM's memory may touch
 * none of them. A system call keeps every register but rax, rcx and r11, in the child too.
 */
final class X8664 implements Architecture {

    /** Label, bytes, instruction; a test assembles nothing but checks lengths and jump targets. */
    private static final String LISTING = """
            spawn: | b8 b3 01 00 00       | mov eax, 435 (clone3)   ; rdi = clone_args, rsi = its size, rdx = table
                   | 0f 05                | syscall
                   | 48 85 c0             | test rax, rax
                   | 74 01                | jz child
                   | c3                   | ret   ; the parent goes back with the process id or a negated errno
            child: | 49 89 d4             | mov r12, rdx   ; the header
                   | 48 8d 5a 40          | lea rbx, [rdx+64]   ; the first row
            row:   | 48 8b 03             | mov rax, [rbx]   ; number
                   | 48 8b 7b 08          | mov rdi, [rbx+8]
                   | 48 8b 73 10          | mov rsi, [rbx+16]
                   | 48 8b 53 18          | mov rdx, [rbx+24]
                   | 4c 8b 53 20          | mov r10, [rbx+32]
                   | 4c 8b 43 28          | mov r8, [rbx+40]
                   | 4c 8b 4b 30          | mov r9, [rbx+48]
                   | f6 43 38 02          | test byte [rbx+56], 2   ; argument from the row before?
                   | 74 04                | jz call
                   | 48 8b 7b f0          | mov rdi, [rbx-16]   ; result of the row before
            call:  | 0f 05                | syscall
                   | 48 89 43 40          | mov [rbx+64], rax   ; result
                   | 49 89 c5             | mov r13, rax
                   | 0f 31                | rdtsc
                   | 48 c1 e2 20          | shl rdx, 32
                   | 48 09 d0             | or rax, rdx
                   | 48 89 43 48          | mov [rbx+72], rax   ; counter
                   | f6 43 38 01          | test byte [rbx+56], 1   ; a gate?
                   | 74 0d                | jz judge
                   | 48 8b 7b 08          | mov rdi, [rbx+8]
                   | 8b 07                | mov eax, [rdi]
                   | 3b 43 18             | cmp eax, [rbx+24]   ; still closed?
                   | 74 b4                | je row
                   | eb 19                | jmp next
            judge: | 49 81 fd 01 f0 ff ff | cmp r13, -4095
                   | 72 10                | jb next   ; not an error
                   | 8b 4b 3c             | mov ecx, [rbx+60]   ; excused error
                   | 83 f9 ff             | cmp ecx, -1   ; any?
                   | 74 08                | je next
                   | 49 f7 dd             | neg r13
                   | 41 39 cd             | cmp r13d, ecx
                   | 75 06                | jne fail
            next:  | 48 83 c3 50          | add rbx, 80
                   | eb 93                | jmp row
            fail:  | 49 89 1c 24          | mov [r12], rbx   ; which row
                   | bf 7f 00 00 00       | mov edi, 127
                   | b8 e7 00 00 00       | mov eax, 231 (exit_group)
                   | 0f 05                | syscall
                   | 0f 0b                | ud2   ; never reached
            clock: | 0f 31                | rdtsc
                   | 48 c1 e2 20          | shl rdx, 32
                   | 48 09 d0             | or rax, rdx
                   | c3                   | ret
            """;

    private static final Listing CODE = new Listing(LISTING);

    @Override
    public String name() {
        return "x86-64";
    }

    @Override
    public int number(Syscall call) {
        return call.x8664();
    }

    @Override
    public byte[] code() {
        return CODE.bytes();
    }

    @Override
    public int spawnOffset() {
        return offsetOf("spawn");
    }

    @Override
    public int clockOffset() {
        return offsetOf("clock");
    }

    @Override
    public int auditName() {
        return 0xc000003e;
    }

    /** The x32 convention: numbers with this bit. */
    @Override
    public int foreignCallsFrom() {
        return 0x40000000;
    }

    @Override
    public int directoryFlag() {
        return 0x10000;
    }

    @Override
    public int noFollowFlag() {
        return 0x20000;
    }

    /** Packed, so that programs of 32 bits see the same. */
    @Override
    public int epollDataOffset() {
        return 4;
    }

    /** Where the instruction with this label starts. */
    static int offsetOf(String label) {
        return CODE.offsetOf(label);
    }
}
