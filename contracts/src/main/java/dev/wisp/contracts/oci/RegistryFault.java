package dev.wisp.contracts.oci;

import dev.wisp.contracts.problem.ErrorCode;
import java.io.IOException;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Why an exchange with a registry ends. Being an {@link IOException} it passes through the library and out of it unchanged. */
final class RegistryFault extends IOException {

    @Serial
    private static final long serialVersionUID = 1;

    private final ErrorCode code;

    RegistryFault(ErrorCode code, String message) {
        super(message);
        this.code = code;
    }

    /** The registry gave no usable answer. */
    static RegistryFault unusable(String message, @Nullable Exception cause) {
        RegistryFault fault = new RegistryFault(ErrorCode.IMAGE_REGISTRY_UNREACHABLE, message);
        if (cause != null) {
            fault.initCause(cause);
        }
        return fault;
    }

    ErrorCode code() {
        return code;
    }

    /** The fault that {@code e} is or was caused by; the library wraps some. */
    static @Nullable RegistryFault in(Throwable e) {
        Throwable cause = e;
        // A chain is a handful of exceptions long; the bound is against one that leads back to itself.
        for (int depth = 0; cause != null && depth < 16; depth++) {
            if (cause instanceof RegistryFault fault) {
                return fault;
            }
            cause = cause.getCause();
        }
        return null;
    }
}
