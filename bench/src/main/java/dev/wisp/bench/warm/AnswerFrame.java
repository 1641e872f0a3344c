package dev.wisp.bench.warm;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Finds where an answer with a Content-Length ends, without making objects. */
final class AnswerFrame {

    private static final byte[] CONTENT_LENGTH = "\r\ncontent-length:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HEAD_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private AnswerFrame() {}

    /** Bytes of the answer that begins at 0, 0 when its head is not complete. */
    static int length(ByteBuffer answer) {
        int headEnd = indexOf(answer, HEAD_END, answer.position());
        if (headEnd < 0) {
            return 0;
        }
        int at = indexOf(answer, CONTENT_LENGTH, headEnd);
        int length = 0;
        if (at >= 0) {
            for (int i = at + CONTENT_LENGTH.length; i < headEnd && answer.get(i) != '\r'; i++) {
                int digit = answer.get(i) - '0';
                length = digit >= 0 && digit <= 9 ? length * 10 + digit : length;
            }
        }
        return headEnd + HEAD_END.length + length;
    }

    private static int indexOf(ByteBuffer bytes, byte[] wanted, int limit) {
        for (int start = 0; start + wanted.length <= limit; start++) {
            int i = 0;
            while (i < wanted.length && lower(bytes.get(start + i)) == wanted[i]) {
                i++;
            }
            if (i == wanted.length) {
                return start;
            }
        }
        return -1;
    }

    private static byte lower(byte letter) {
        return letter >= 'A' && letter <= 'Z' ? (byte) (letter + ('a' - 'A')) : letter;
    }
}
