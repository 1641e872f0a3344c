package dev.wisp.node.metering;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/**
 * Text put together in an array, byte by byte, and then copied into a buffer in one piece: a buffer checks each write, and a head is hundreds of them. Each thread
 * has one and uses it again; it keeps the size of the longest text.
 */
final class Ascii {

    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

    private static final long PICOS = 1_000_000_000_000L;
    private static final int PICO_DIGITS = 12;
    private static final int DECIMALS_MIN = 2;
    private static final int LONG_DIGITS_MAX = 19;
    private static final int BYTES_AT_FIRST = 1_024;
    private static final int LATIN_MAX = 255;

    private static final FastThreadLocal<Ascii> OWN = new FastThreadLocal<>() {
        @Override
        protected Ascii initialValue() {
            return new Ascii();
        }
    };

    private byte[] bytes = new byte[BYTES_AT_FIRST];
    private int length;

    private Ascii() {}

    /** An empty text. It is this thread's only one: whoever begins has to write it out before anybody else begins. */
    static Ascii begin() {
        Ascii own = OWN.get();
        own.length = 0;
        return own;
    }

    /** The bytes of a text that is needed again and again. */
    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    int length() {
        return length;
    }

    /** Appends all of it to a buffer. */
    void writeTo(ByteBuf to) {
        to.writeBytes(bytes, 0, length);
    }

    Ascii text(byte[] text) {
        makeRoom(text.length);
        System.arraycopy(text, 0, bytes, length, text.length);
        length += text.length;
        return this;
    }

    /** What is no letter of one byte becomes a question mark. */
    Ascii text(String text) {
        int count = text.length();
        makeRoom(count);
        for (int at = 0; at < count; at++) {
            char letter = text.charAt(at);
            bytes[length + at] = letter > LATIN_MAX ? (byte) '?' : (byte) letter;
        }
        length += count;
        return this;
    }

    /** Not negative. */
    Ascii decimal(long number) {
        int digits = 1;
        for (long rest = number; rest >= 10; rest /= 10) {
            digits++;
        }
        return decimal(number, digits);
    }

    /** Not negative; as many digits as are asked for, the first ones zeros where need be. */
    Ascii decimal(long number, int digits) {
        makeRoom(Math.max(digits, LONG_DIGITS_MAX));
        long rest = number;
        for (int at = length + digits - 1; at >= length; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += digits;
        return this;
    }

    /** Microseconds as milliseconds with three decimals. */
    Ascii millis(long micros) {
        decimal(micros / 1_000);
        letter('.');
        return decimal(micros % 1_000, 3);
    }

    /** As {@link dev.wisp.contracts.price.Money#decimal(long)}. */
    Ascii picos(long picos) {
        decimal(picos / PICOS);
        letter('.');
        long fraction = picos % PICOS;
        int digits = PICO_DIGITS;
        while (digits > DECIMALS_MIN && fraction % 10 == 0) {
            fraction /= 10;
            digits--;
        }
        return decimal(fraction, digits);
    }

    Ascii uuid(UUID id) {
        long high = id.getMostSignificantBits();
        long low = id.getLeastSignificantBits();
        hex(high >>> 32, 8).letter('-');
        hex(high >>> 16, 4).letter('-');
        hex(high, 4).letter('-');
        hex(low >>> 48, 4).letter('-');
        return hex(low, 12);
    }

    /** The lowest digits of a number. */
    Ascii hex(long number, int digits) {
        makeRoom(digits);
        for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
            bytes[length++] = HEX[(int) (number >>> shift) & 15];
        }
        return this;
    }

    private void letter(char letter) {
        makeRoom(1);
        bytes[length++] = (byte) letter;
    }

    private void makeRoom(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
