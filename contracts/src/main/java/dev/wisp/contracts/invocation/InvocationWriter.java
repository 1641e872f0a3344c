package dev.wisp.contracts.invocation;

import dev.wisp.contracts.revision.RevisionId;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes records as {@link InvocationCodec} does, and keeps the bytes of their names: call after call of one instance has the same ones, and making them anew costs
 * more than all the numbers. Owned by one thread.
 */
public final class InvocationWriter {

    private static final int METHOD_BYTES_MAX = 1 + 255;

    private final ByteBuffer names = ByteBuffer.allocate(InvocationCodec.BYTES_MAX);
    private final ByteBuffer methods = ByteBuffer.allocate(METHOD_BYTES_MAX);
    private @Nullable String method;
    private @Nullable RevisionId revision;
    private String account = "";
    private String service = "";
    private String instanceId = "";
    private String nodeId = "";

    /** Appends at the buffer's position; throws {@link java.nio.BufferOverflowException} when it does not fit. */
    public void write(InvocationRecord record, ByteBuffer out) {
        InvocationCodec.writeNumbers(record, out);
        if (!isOfTheSame(record)) {
            remember(record);
        }
        out.put(names.array(), 0, names.position());
        if (!record.method().equals(method)) {
            InvocationCodec.writeText(record.method(), methods.clear());
            method = record.method();
        }
        out.put(methods.array(), 0, methods.position());
        InvocationCodec.writeOptional(record, out);
    }

    private boolean isOfTheSame(InvocationRecord record) {
        return record.instanceId().equals(instanceId)
                && record.revision().equals(revision)
                && record.account().equals(account)
                && record.service().equals(service)
                && record.nodeId().equals(nodeId);
    }

    private void remember(InvocationRecord record) {
        InvocationCodec.writeNames(record, names.clear());
        revision = record.revision();
        account = record.account();
        service = record.service();
        instanceId = record.instanceId();
        nodeId = record.nodeId();
    }
}
