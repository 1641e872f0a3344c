package dev.wisp.node.log;

/**
 * How much output is kept.
 *
 * @param revisionBytesMax of one revision
 * @param revisionLinesMax of one revision
 * @param nodeBytesMax of all; when it is passed, the revision that was silent longest is dropped
 * @param followersMax live readers at once
 * @param followerLinesMax lines that wait for one live reader; one that falls further behind is cut off
 */
public record LogLimits(
        long revisionBytesMax, int revisionLinesMax, long nodeBytesMax, int followersMax, int followerLinesMax) {}
