package dev.wisp.node.metering;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.UUID;

/** Appends text to a buffer without making a string of it first. */
final class Ascii {

    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

    private static final long PICOS = 1_000_000_000_000L;
    private static final int PICO_DIGITS = 12;
    private static final int DECIMALS_MIN = 2;

    private Ascii() {}

    static void text(ByteBuf to, CharSequence text) {
        ByteBufUtil.writeAscii(to, text);
    }

    /** Not negative. */
    static void decimal(ByteBuf to, long number) {
        long unit = 1;
        while (number / unit >= 10) {
            unit *= 10;
        }
        for (; unit > 0; unit /= 10) {
            to.writeByte((int) ('0' + number / unit % 10));
        }
    }

    /** Not negative; as many digits as are asked for, the first ones zeros where need be. */
    static void decimal(ByteBuf to, long number, int digits) {
        long unit = 1;
        for (int digit = 1; digit < digits; digit++) {
            unit *= 10;
        }
        for (; unit > 0; unit /= 10) {
            to.writeByte((int) ('0' + number / unit % 10));
        }
    }

    /** Microseconds as milliseconds with three decimals. */
    static void millis(ByteBuf to, long micros) {
        decimal(to, micros / 1_000);
        to.writeByte('.');
        decimal(to, micros % 1_000, 3);
    }

    /** As {@link dev.wisp.contracts.price.Money#decimal(long)}. */
    static void picos(ByteBuf to, long picos) {
        decimal(to, picos / PICOS);
        to.writeByte('.');
        long fraction = picos % PICOS;
        int digits = PICO_DIGITS;
        while (digits > DECIMALS_MIN && fraction % 10 == 0) {
            fraction /= 10;
            digits--;
        }
        decimal(to, fraction, digits);
    }

    static void uuid(ByteBuf to, UUID id) {
        long high = id.getMostSignificantBits();
        long low = id.getLeastSignificantBits();
        hex(to, high >>> 32, 8);
        to.writeByte('-');
        hex(to, high >>> 16, 4);
        to.writeByte('-');
        hex(to, high, 4);
        to.writeByte('-');
        hex(to, low >>> 48, 4);
        to.writeByte('-');
        hex(to, low, 12);
    }

    /** The lowest digits of a number. */
    static void hex(ByteBuf to, long number, int digits) {
        for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
            to.writeByte(HEX[(int) (number >>> shift) & 15]);
        }
    }
}
