package dev.wisp.contracts.problem;

/**
 * Every error a user can meet: stable code, HTTP status and title. {@code docs/reference/errors.md} has a section for each, which a
 * test checks. Groups: E11 image, E12 start, E13 run time, E14 request path, E15 quota, E17 billing, E18 API, E19 internal.
 */
public enum ErrorCode {
    IMAGE_NOT_FOUND("E1101", 422, "Image not found"),
    IMAGE_REGISTRY_UNREACHABLE("E1102", 422, "Image registry unreachable"),
    IMAGE_INVALID("E1103", 422, "Image is not valid"),
    IMAGE_LAYER_BROKEN("E1104", 422, "Image layer is broken"),
    IMAGE_TOO_LARGE("E1105", 422, "Image is too large"),
    IMAGE_WITHOUT_ENTRYPOINT("E1106", 422, "Image has no entrypoint"),
    IMAGE_WRONG_PLATFORM("E1107", 422, "Image is for another platform"),

    ENTRYPOINT_NOT_FOUND("E1201", 502, "Entrypoint not found in the image"),
    EXITED_BEFORE_READY("E1202", 502, "Container exited before it was ready"),
    NOT_LISTENING("E1203", 504, "Container did not listen on its port"),
    SANDBOX_FAILED("E1204", 500, "Sandbox could not be started"),
    EGRESS_UNAVAILABLE("E1205", 503, "No way out on this node"),

    OUT_OF_MEMORY("E1301", 502, "Container ran out of memory"),
    EXITED("E1302", 502, "Container exited during the request"),
    REQUEST_TIMEOUT("E1303", 504, "Request took too long"),
    BAD_RESPONSE("E1304", 502, "Container answered with something that is not HTTP"),

    NO_SUCH_HOST("E1401", 404, "No service at this host"),
    NOT_READY("E1402", 503, "Service has no ready revision"),
    QUEUE_FULL("E1403", 503, "Too many requests waiting"),
    QUEUE_TIMEOUT("E1404", 504, "No instance became free in time"),
    BAD_REQUEST("E1405", 400, "Request is not valid HTTP for Wisp"),
    NODE_UNREACHABLE("E1406", 502, "Node did not answer"),
    SHUTTING_DOWN("E1407", 503, "Wisp is stopping"),
    UPGRADE_UNSUPPORTED("E1408", 501, "Protocol upgrade is not supported"),

    ASYNC_TOO_LARGE("E1421", 413, "Request is too large to be stored"),
    ASYNC_BACKLOG_FULL("E1422", 429, "Too many calls of this service wait to be made"),
    ASYNC_UNAVAILABLE("E1423", 503, "Calls cannot be stored now"),
    ASYNC_NO_SUCH_CALL("E1424", 404, "No such call"),
    ASYNC_GIVEN_UP("E1425", 504, "Call was given up"),
    ASYNC_RESULT_TOO_LARGE("E1426", 502, "Answer was too large to be kept"),

    NO_CAPACITY("E1501", 503, "No node has room"),
    DISK_FULL("E1502", 507, "Disk is full"),
    BUDGET_SPENT("E1503", 402, "Budget is spent"),
    BUDGET_THROTTLED("E1504", 429, "Budget is spent, calls are slowed down"),
    BUDGET_UNSURE("E1505", 503, "Budget has no money at this gateway"),

    BILLING_UNAVAILABLE("E1701", 503, "Billing store unavailable"),

    INVALID("E1801", 422, "Object is not valid"),
    MALFORMED("E1802", 400, "Request body is not valid JSON"),
    NOT_FOUND("E1803", 404, "Not found"),
    CONFLICT("E1804", 409, "Conflict"),
    STORE_UNAVAILABLE("E1805", 503, "Store unavailable"),
    TOO_LARGE("E1806", 413, "Request body is too large"),
    METHOD_NOT_ALLOWED("E1807", 405, "Method not allowed"),
    NOT_SERVED_HERE("E1808", 404, "This process does not run that service"),

    INTERNAL("E1901", 500, "Internal error");

    private final String code;
    private final int status;
    private final String title;

    ErrorCode(String code, int status, String title) {
        this.code = code;
        this.status = status;
        this.title = title;
    }

    public String code() {
        return code;
    }

    public int status() {
        return status;
    }

    public String title() {
        return title;
    }
}
