package dev.wisp.contracts.revision;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/** Names one revision: unique within its namespace, written {@code namespace/name} on the wire and as a Kafka key. */
public record RevisionId(String namespace, String name) {

    public RevisionId {
        if (namespace.isEmpty() || name.isEmpty() || namespace.indexOf('/') >= 0 || name.indexOf('/') >= 0) {
            throw new IllegalArgumentException("revision=%s/%s, must be namespace/name".formatted(namespace, name));
        }
    }

    @JsonCreator
    public static RevisionId parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("revision=%s, must be namespace/name".formatted(text));
        }
        return new RevisionId(text.substring(0, slash), text.substring(slash + 1));
    }

    @Override
    @JsonValue
    public String toString() {
        return namespace + "/" + name;
    }
}
