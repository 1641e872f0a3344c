package dev.wisp.standalone;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;

/**
 * A whole web server in 304 bytes, for x86-64: takes one connection after another on port 8080 and answers whatever it reads with an
 * empty 200. It needs no compiler, no file beside it and no image from anywhere.
 */
final class RehearsalProgram {

    static final int PORT = 8080;

    private static final String NAME = "probe";
    private static final int LOADED_AT = 0x400000;
    private static final int HEADER_BYTES = 64 + 56;

    /** The listing is what {@code objdump -d} shows of it. */
    private static final String CODE = """
            4881ec00100000 \
            bf02000000 be01000000 31d2 b829000000 0f05 89c3 \
            89df 488d355d000000 ba10000000 b831000000 0f05 \
            89df be10000000 b832000000 0f05 \
            89df 31f6 31d2 b82b000000 0f05 89c5 \
            89ef 4889e6 ba00100000 31c0 0f05 85c0 7e17 \
            89ef 488d3529000000 ba26000000 b801000000 0f05 ebd7 \
            89ef b803000000 0f05 ebbd \
            02001f90 00000000 0000000000000000""";

    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private RehearsalProgram() {}

    /** Puts it into a folder as an image's only layer; returns the path that an image would name. */
    static String writeTo(Path layer) throws IOException {
        Files.createDirectories(layer);
        Path file = layer.resolve(NAME);
        Path written = layer.resolve("." + NAME);
        Files.write(written, bytes());
        Files.setPosixFilePermissions(written, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
        return "/" + NAME;
    }

    /**
     * An ELF file with one segment, readable and executable. The code is, in order: room on the stack; socket; bind to the address at its
     * end; listen; accept; read; on zero or less close and accept again; write the answer that follows the address; read again.
     */
    static byte[] bytes() {
        byte[] code = HexFormat.of().parseHex(CODE.replace(" ", ""));
        byte[] answer = ANSWER.getBytes(StandardCharsets.US_ASCII);
        int size = HEADER_BYTES + code.length + answer.length;
        ByteBuffer file = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        file.put(HexFormat.of().parseHex("7f454c46020101000000000000000000"));
        file.putShort((short) 2).putShort((short) 62).putInt(1);
        file.putLong(LOADED_AT + HEADER_BYTES).putLong(64).putLong(0);
        file.putInt(0).putShort((short) 64).putShort((short) 56).putShort((short) 1);
        file.putShort((short) 0).putShort((short) 0).putShort((short) 0);
        file.putInt(1).putInt(5);
        file.putLong(0).putLong(LOADED_AT).putLong(LOADED_AT);
        file.putLong(size).putLong(size).putLong(0x1000);
        return file.put(code).put(answer).array();
    }
}
