package dev.wisp.billing.usage;

import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.util.Base64;
import java.util.UUID;

/** Where a list of records goes on: after this key. Opaque to callers, so that the order may change. */
public record RecordCursor(LocalDate day, UUID id) {

    private static final int BYTES = 4 + 16;

    /** Throws {@link dev.wisp.contracts.problem.ProblemException} for what no answer gave. */
    static RecordCursor parse(String text) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text);
            if (bytes.length == BYTES) {
                ByteBuffer in = ByteBuffer.wrap(bytes);
                return new RecordCursor(LocalDate.ofEpochDay(in.getInt()), new UUID(in.getLong(), in.getLong()));
            }
        } catch (IllegalArgumentException e) {
            throw InvalidParameter.of("cursor", text, "must be the nextCursor of an earlier answer");
        }
        throw InvalidParameter.of("cursor", text, "must be the nextCursor of an earlier answer");
    }

    String encode() {
        ByteBuffer out = ByteBuffer.allocate(BYTES);
        out.putInt((int) day.toEpochDay());
        out.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(out.array());
    }
}
