package dev.wisp.node.sandbox;

import static dev.wisp.node.linux.Argument.longs;
import static dev.wisp.node.linux.Argument.previous;
import static dev.wisp.node.linux.Argument.text;

import dev.wisp.node.linux.Argument;
import dev.wisp.node.linux.Named;
import dev.wisp.node.linux.Syscall;
import dev.wisp.node.linux.SyscallProgram;

/**
 * A second wall around the file system: nothing that does not lie below the sandbox's own root can be opened, executed or changed, by whatever descriptor or
 * magic link it was reached. An entrypoint {@code #!/proc/self/exe} would execute the runtime's own program otherwise.
 *
 * <p>The kernel counts what it can hold back in versions; each row here asks for no more than the host's version knows.
 */
final class Landlock {

    /** Descriptor under which the parked child keeps the rules; above all that it opens, or the row that moves it there would find it there already. */
    private static final int RULES = 15;

    private static final int ROOT = 16;
    private static final int RULE_PATH_BENEATH = 1;
    private static final int VERSION_WITH_SCOPES = 6;

    private static final long RIGHTS_FIRST = 0x1fff;
    private static final long RIGHT_REFER = 1L << 13;
    private static final long RIGHT_TRUNCATE = 1L << 14;
    private static final long RIGHT_IOCTL_DEVICE = 1L << 15;

    /** Making device nodes is what nobody needs inside, wherever it is. */
    private static final long RIGHTS_NEVER = 1L << 6 | 1L << 11;

    /** Abstract unix sockets and signals. */
    private static final long SCOPES = 3;

    private Landlock() {}

    /** While nobody waits: the rules, without a root yet. */
    static void prepare(SyscallProgram.Builder program, int version) {
        if (version == 0) {
            return;
        }
        boolean scoped = version >= VERSION_WITH_SCOPES;
        Argument attributes =
                scoped ? longs("{all, scoped}", rights(version), 0L, SCOPES) : longs("{all}", rights(version));
        program.call(
                        "landlock rules",
                        Syscall.LANDLOCK_CREATE_RULESET,
                        attributes,
                        Named.of(scoped ? 24 : 8),
                        Named.of(0))
                .call("landlock rules", Syscall.DUP3, previous(), Named.of(RULES), Named.O_CLOEXEC);
    }

    /** At a start, once the root is the image's and nothing has to be mounted any more. */
    static void enter(SyscallProgram.Builder program, int version) {
        if (version == 0) {
            return;
        }
        Named rules = Named.descriptor(RULES, "rules");
        program.call(
                        "landlock root",
                        Syscall.OPENAT,
                        Named.AT_FDCWD,
                        text("/"),
                        Named.flags(Named.O_PATH, Named.O_DIRECTORY, Named.O_CLOEXEC))
                .call("landlock root", Syscall.DUP3, previous(), Named.of(ROOT), Named.O_CLOEXEC)
                .call(
                        "landlock root",
                        Syscall.LANDLOCK_ADD_RULE,
                        rules,
                        Named.of(RULE_PATH_BENEATH),
                        longs("{all but nodes, 16<root>}", rights(version) & ~RIGHTS_NEVER, (long) ROOT),
                        Named.of(0))
                .call("enter landlock", Syscall.LANDLOCK_RESTRICT_SELF, rules, Named.of(0));
    }

    static long rights(int version) {
        long rights = RIGHTS_FIRST;
        rights |= version >= 2 ? RIGHT_REFER : 0;
        rights |= version >= 3 ? RIGHT_TRUNCATE : 0;
        rights |= version >= 5 ? RIGHT_IOCTL_DEVICE : 0;
        return rights;
    }
}
