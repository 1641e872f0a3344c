package dev.wisp.node.sandbox;

import dev.wisp.contracts.problem.ErrorCode;
import dev.wisp.contracts.problem.Problem;

/** The host would not make a sandbox; the message names the step. */
final class SandboxFailure extends RuntimeException {

    SandboxFailure(String message) {
        super(message);
    }

    Problem problem() {
        String message = getMessage();
        return Problem.of(ErrorCode.SANDBOX_FAILED, message == null ? "" : message)
                .withHint("run 'wisp doctor': it says which kernel features this host lacks");
    }
}
