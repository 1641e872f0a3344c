package dev.wisp.gateway.explain;

import java.util.ArrayList;
import java.util.List;

/** What has become of one call so far; owned by its revision's event loop. Calls that simply go through have none. */
public final class Tries {

    /** Attempts that are kept of one call; of more only the number. */
    public static final int ATTEMPTS_MAX = 8;

    private final List<EndedAttempt> ended = new ArrayList<>(1);
    private int notKept;
    private String leftAlone = "";

    /** One more attempt came to nothing. */
    public void ended(EndedAttempt attempt) {
        if (ended.size() < ATTEMPTS_MAX) {
            ended.add(attempt);
        } else {
            notKept++;
        }
    }

    /** It has to wait, and these instances are not asked: a clause for people. */
    public void leftAlone(String which) {
        leftAlone = which;
    }

    public List<EndedAttempt> ended() {
        return List.copyOf(ended);
    }

    public int notKept() {
        return notKept;
    }

    public String leftAlone() {
        return leftAlone;
    }
}
