package dev.wisp.node.sandbox;

import java.util.List;

/**
 * Who the entrypoint runs as, inside the sandbox.
 *
 * @param uid 0..65,535
 * @param gid 0..65,535
 * @param groups more groups it belongs to
 * @param home its home folder, for the environment
 */
record ImageUser(int uid, int gid, List<Integer> groups, String home) {

    static final ImageUser ROOT = new ImageUser(0, 0, List.of(), "/");

    ImageUser {
        groups = List.copyOf(groups);
    }

    boolean isRoot() {
        return uid == 0 && gid == 0 && groups.isEmpty();
    }
}
