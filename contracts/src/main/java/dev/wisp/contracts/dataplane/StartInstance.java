package dev.wisp.contracts.dataplane;

import dev.wisp.contracts.revision.RevisionId;

/** Asks a node for one more instance of a revision. */
public record StartInstance(RevisionId revision, String gatewayId) {}
