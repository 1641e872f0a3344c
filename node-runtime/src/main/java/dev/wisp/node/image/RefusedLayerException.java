package dev.wisp.node.image;

import dev.wisp.contracts.problem.ErrorCode;
import java.io.IOException;

/** A layer that will not be unpacked; the message completes "layer sha256:… ". */
final class RefusedLayerException extends IOException {

    private final ErrorCode code;

    private RefusedLayerException(ErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    private RefusedLayerException(ErrorCode code, String message) {
        super(message);
        this.code = code;
    }

    static RefusedLayerException broken(String message) {
        return new RefusedLayerException(ErrorCode.IMAGE_LAYER_BROKEN, message);
    }

    static RefusedLayerException broken(String message, Throwable cause) {
        return new RefusedLayerException(ErrorCode.IMAGE_LAYER_BROKEN, message, cause);
    }

    static RefusedLayerException tooLarge(String message) {
        return new RefusedLayerException(ErrorCode.IMAGE_TOO_LARGE, message);
    }

    ErrorCode code() {
        return code;
    }
}
