package dev.wisp.contracts.revision;

/** What root inside a sandbox may be allowed to do there beyond what everyone may; nothing else can be asked for. Names are Linux's without {@code CAP_}. */
public enum Capability {
    CHOWN(0),
    DAC_OVERRIDE(1),
    FOWNER(3),
    FSETID(4),
    KILL(5),
    SETGID(6),
    SETUID(7),
    SETPCAP(8),
    NET_BIND_SERVICE(10),
    SYS_CHROOT(18),
    SETFCAP(31);

    private final int number;

    Capability(int number) {
        this.number = number;
    }

    /** Its bit in the kernel's sets. */
    public long bit() {
        return 1L << number;
    }
}
