/*
 * hello: a small HTTP/1.1 server to try Wisp with. It is linked statically, so that its image is one file, and it listens within
 * a fraction of a millisecond after execve: what a cold start of it costs is the platform's time, not its own.
 *
 *   /                 says hello, and how it was called
 *   /echo             sends the request's body back while it arrives
 *   /burn?ms=N        uses N ms of processor time
 *   /sleep?ms=N       waits N ms without using any
 *   /big?bytes=N      answers with N bytes
 *   /alloc?mib=N      takes N MiB of memory and keeps them: shows what happens at the memory limit
 *   /exit?code=N      ends the process without an answer
 *
 * PORT is the port to listen on (8080 if unset); LOG=off leaves out the log line of each request.
 *
 * One thread a connection and blocking calls: with the few connections an instance has, this is as fast as an event loop, and a
 * request that burns or sleeps does not hold up the others.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum {
    HEAD_BYTES_MAX = 16 * 1024,
    BODY_CHUNK_BYTES = 16 * 1024,
    STACK_BYTES = 128 * 1024,
    MILLIS_MAX = 600 * 1000,
    ALLOC_MIB_MAX = 64 * 1024,
};

/* A connection: what was read of it and not yet used, and the request being answered. */
struct connection {
    int fd;
    char in[HEAD_BYTES_MAX];
    size_t have;  /* bytes in `in` */
    size_t used;  /* of which consumed */
    bool keep_alive;
    bool chunked;         /* the request's body is */
    long long body_left;  /* of a body with a length, or of the current chunk */
    char *method, *path, *query, *host, *invocation;
    int status;
};

static atomic_long calls;
static atomic_int in_flight;
static atomic_bool stopping;
static bool log_requests = true;

/* ---- input ---- */

/* Reads more of the connection; false at its end. */
static bool fill(struct connection *c) {
    if (c->used == c->have) {
        c->used = c->have = 0;
    }
    if (c->have == sizeof c->in) {
        memmove(c->in, c->in + c->used, c->have - c->used);
        c->have -= c->used;
        c->used = 0;
        if (c->have == sizeof c->in) {
            return false;
        }
    }
    ssize_t n;
    do {
        n = read(c->fd, c->in + c->have, sizeof c->in - c->have);
    } while (n < 0 && errno == EINTR);
    if (n <= 0) {
        return false;
    }
    c->have += (size_t)n;
    return true;
}

/* Reads one CRLF-terminated line of a chunked body into `line`; false when there is none or it is too long. */
static bool read_line(struct connection *c, char *line, size_t size) {
    size_t n = 0;
    for (;;) {
        if (c->used == c->have && !fill(c)) {
            return false;
        }
        char ch = c->in[c->used++];
        if (ch == '\n') {
            line[n] = 0;
            return true;
        }
        if (ch != '\r') {
            if (n + 1 == size) {
                return false;
            }
            line[n++] = ch;
        }
    }
}

/* Begins the next chunk; at the last one skips the trailers and ends the body. */
static bool next_chunk(struct connection *c) {
    char line[256];
    if (!read_line(c, line, sizeof line)) {
        return false;
    }
    if (line[0] == 0 && !read_line(c, line, sizeof line)) { /* the end of the chunk before */
        return false;
    }
    char *end;
    errno = 0;
    long long size = strtoll(line, &end, 16);
    if (errno != 0 || end == line || size < 0) {
        return false;
    }
    c->body_left = size;
    if (size == 0) {
        c->chunked = false;
        do {
            if (!read_line(c, line, sizeof line)) {
                return false;
            }
        } while (line[0] != 0);
    }
    return true;
}

/* Hands out the next piece of the body: its length, 0 at the end, -1 when the caller broke off. */
static ssize_t body(struct connection *c, char **piece) {
    if (c->chunked && c->body_left == 0 && !next_chunk(c)) {
        return -1;
    }
    if (c->body_left == 0) {
        return 0;
    }
    if (c->used == c->have && !fill(c)) {
        return -1;
    }
    size_t n = c->have - c->used;
    if ((long long)n > c->body_left) {
        n = (size_t)c->body_left;
    }
    *piece = c->in + c->used;
    c->used += n;
    c->body_left -= (long long)n;
    return (ssize_t)n;
}

/* Reads what is left of the body, so that the next request on this connection starts where it should. */
static bool skip_body(struct connection *c) {
    char *piece;
    ssize_t n;
    while ((n = body(c, &piece)) > 0) {
    }
    return n == 0;
}

/* ---- output ---- */

static bool send_all(int fd, const char *data, size_t size) {
    while (size > 0) {
        ssize_t n = send(fd, data, size, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return false;
        }
        data += n;
        size -= (size_t)n;
    }
    return true;
}

/* Writes the head of the response; `length` -1 means chunked. */
static size_t head(struct connection *c, char *out, size_t size, int status, const char *type, long long length) {
    const char *reason = status == 200 ? "OK" : status == 404 ? "Not Found" : "Bad Request";
    c->status = status;
    int n = snprintf(out, size, "HTTP/1.1 %d %s\r\nContent-Type: %s\r\n", status, reason, type);
    if (length >= 0) {
        n += snprintf(out + n, size - (size_t)n, "Content-Length: %lld\r\n", length);
    } else {
        n += snprintf(out + n, size - (size_t)n, "Transfer-Encoding: chunked\r\n");
    }
    n += snprintf(out + n, size - (size_t)n, "%s\r\n", c->keep_alive ? "" : "Connection: close\r\n");
    return (size_t)n;
}

static bool is_head_request(const struct connection *c) {
    return strcmp(c->method, "HEAD") == 0;
}

static bool answer(struct connection *c, int status, const char *text) {
    char out[HEAD_BYTES_MAX + 512];
    size_t length = strlen(text);
    size_t n = head(c, out, sizeof out, status, "text/plain; charset=utf-8", (long long)length);
    if (!is_head_request(c)) {
        memcpy(out + n, text, length);
        n += length;
    }
    return skip_body(c) && send_all(c->fd, out, n);
}

/* ---- what it can do ---- */

static bool greet(struct connection *c) {
    char text[HEAD_BYTES_MAX];
    snprintf(text, sizeof text,
            "Hello from Wisp!\n"
            "You called %s %s%s%s at %s.\n"
            "This is call %ld of this instance.\n",
            c->method, c->path, c->query[0] ? "?" : "", c->query, c->host, atomic_load(&calls));
    return answer(c, 200, text);
}

static bool echo(struct connection *c) {
    bool chunked = c->chunked;
    char out[512];
    size_t n = head(c, out, sizeof out, 200, "application/octet-stream", chunked ? -1 : c->body_left);
    if (!send_all(c->fd, out, n)) {
        return false;
    }
    char *piece;
    ssize_t size;
    while ((size = body(c, &piece)) > 0) {
        char frame[32];
        if (chunked && !send_all(c->fd, frame, (size_t)snprintf(frame, sizeof frame, "%zx\r\n", (size_t)size))) {
            return false;
        }
        if (!send_all(c->fd, piece, (size_t)size) || (chunked && !send_all(c->fd, "\r\n", 2))) {
            return false;
        }
    }
    return size == 0 && (!chunked || send_all(c->fd, "0\r\n\r\n", 5));
}

static long long nanos(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static bool burn(struct connection *c, long long millis) {
    long long end = nanos(CLOCK_THREAD_CPUTIME_ID) + millis * 1000000;
    while (nanos(CLOCK_THREAD_CPUTIME_ID) < end) {
        for (volatile int i = 0; i < 1000; i++) {
        }
    }
    char text[64];
    snprintf(text, sizeof text, "burned %lld ms of processor time\n", millis);
    return answer(c, 200, text);
}

static bool wait_millis(struct connection *c, long long millis) {
    struct timespec left = {.tv_sec = millis / 1000, .tv_nsec = millis % 1000 * 1000000};
    while (nanosleep(&left, &left) < 0 && errno == EINTR) {
    }
    char text[64];
    snprintf(text, sizeof text, "slept %lld ms\n", millis);
    return answer(c, 200, text);
}

static bool big(struct connection *c, long long bytes) {
    char out[BODY_CHUNK_BYTES];
    if (!skip_body(c) || !send_all(c->fd, out, head(c, out, sizeof out, 200, "application/octet-stream", bytes))) {
        return false;
    }
    memset(out, 'w', sizeof out);
    for (long long left = is_head_request(c) ? 0 : bytes; left > 0;) {
        size_t n = left < (long long)sizeof out ? (size_t)left : sizeof out;
        if (!send_all(c->fd, out, n)) {
            return false;
        }
        left -= (long long)n;
    }
    return true;
}

static bool take_memory(struct connection *c, long long mib) {
    for (long long i = 0; i < mib; i++) {
        char *piece = malloc(1 << 20);
        if (piece == NULL) {
            return answer(c, 400, "malloc refused\n");
        }
        memset(piece, 1, 1 << 20); /* Memory counts when it is touched. */
    }
    char text[64];
    snprintf(text, sizeof text, "holding %lld MiB more\n", mib);
    return answer(c, 200, text);
}

/* The number after `name=` in the query; `otherwise` when it is missing, -1 when it is no number of 0..max. */
static long long number(const struct connection *c, const char *name, long long otherwise, long long max) {
    size_t length = strlen(name);
    for (const char *at = c->query; at != NULL && *at; at = strchr(at, '&')) {
        at += *at == '&';
        if (strncmp(at, name, length) == 0 && at[length] == '=') {
            char *end;
            errno = 0;
            long long value = strtoll(at + length + 1, &end, 10);
            bool whole = end != at + length + 1 && (*end == 0 || *end == '&');
            return errno == 0 && whole && value >= 0 && value <= max ? value : -1;
        }
    }
    return otherwise;
}

static bool serve(struct connection *c) {
    long long n = 0;
    if (strcmp(c->path, "/") == 0) {
        return greet(c);
    } else if (strcmp(c->path, "/echo") == 0) {
        return echo(c);
    } else if (strcmp(c->path, "/burn") == 0 && (n = number(c, "ms", 10, MILLIS_MAX)) >= 0) {
        return burn(c, n);
    } else if (strcmp(c->path, "/sleep") == 0 && (n = number(c, "ms", 10, MILLIS_MAX)) >= 0) {
        return wait_millis(c, n);
    } else if (strcmp(c->path, "/big") == 0 && (n = number(c, "bytes", 1 << 20, LLONG_MAX / 2)) >= 0) {
        return big(c, n);
    } else if (strcmp(c->path, "/alloc") == 0 && (n = number(c, "mib", 1, ALLOC_MIB_MAX)) >= 0) {
        return take_memory(c, n);
    } else if (strcmp(c->path, "/exit") == 0 && (n = number(c, "code", 0, 255)) >= 0) {
        _exit((int)n);
    }
    return n < 0 ? answer(c, 400, "the query holds a number out of range\n")
                 : answer(c, 404, "try / /echo /burn?ms= /sleep?ms= /big?bytes= /alloc?mib= /exit?code=\n");
}

/* ---- requests ---- */

/* Takes one header of interest; false when it makes the request unreadable. */
static bool header(struct connection *c, char *name, char *value) {
    if (strcasecmp(name, "content-length") == 0) {
        char *end;
        errno = 0;
        c->body_left = strtoll(value, &end, 10);
        return errno == 0 && end != value && *end == 0 && c->body_left >= 0;
    } else if (strcasecmp(name, "transfer-encoding") == 0) {
        c->chunked = strcasecmp(value, "chunked") == 0;
        return c->chunked;
    } else if (strcasecmp(name, "connection") == 0) {
        c->keep_alive = c->keep_alive && strcasecmp(value, "close") != 0;
    } else if (strcasecmp(name, "host") == 0) {
        c->host = value;
    } else if (strcasecmp(name, "x-invocation-id") == 0) {
        c->invocation = value;
    } else if (strcasecmp(name, "expect") == 0 && strcasecmp(value, "100-continue") == 0) {
        static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
        return send_all(c->fd, go_on, sizeof go_on - 1);
    }
    return true;
}

/* Splits the head, which ends with a zero byte, into what `serve` needs; false when it is not HTTP/1. */
static bool parse(struct connection *c, char *head_text) {
    char *line_end = strstr(head_text, "\r\n");
    char *space = strchr(head_text, ' ');
    char *second = space == NULL ? NULL : strchr(space + 1, ' ');
    if (line_end == NULL || second == NULL || second > line_end || strncmp(second + 1, "HTTP/1.", 7) != 0) {
        return false;
    }
    c->keep_alive = second[8] == '1';
    *space = *second = 0;
    c->method = head_text;
    c->path = space + 1;
    char *question = strchr(c->path, '?');
    c->query = question == NULL ? second : question + 1;
    if (question != NULL) {
        *question = 0;
    }
    for (char *line = line_end + 2; *line;) {
        char *end = strstr(line, "\r\n");
        char *colon = strchr(line, ':');
        if (end == NULL || colon == NULL || colon > end) {
            return false;
        }
        *colon = *end = 0;
        if (!header(c, line, colon + 1 + strspn(colon + 1, " \t"))) {
            return false;
        }
        line = end + 2;
    }
    if (c->chunked) {
        c->body_left = 0;
    }
    return true;
}

/* Waits for the head of the next request; NULL when the caller closed or sent no head of at most HEAD_BYTES_MAX. */
static char *next_head(struct connection *c) {
    for (;;) {
        char *start = c->in + c->used;
        char *end = memmem(start, c->have - c->used, "\r\n\r\n", 4);
        if (end != NULL) {
            end[2] = 0;
            c->used = (size_t)(end + 4 - c->in);
            return start;
        }
        if (c->used > 0) {
            memmove(c->in, start, c->have - c->used);
            c->have -= c->used;
            c->used = 0;
        }
        if (!fill(c)) {
            return NULL;
        }
    }
}

static void log_line(const struct connection *c, long long started) {
    if (!log_requests) {
        return;
    }
    char line[1024];
    int n = snprintf(line, sizeof line, "%s %.512s %d %lld us%s%.64s\n", c->method, c->path, c->status,
            (nanos(CLOCK_MONOTONIC) - started) / 1000, c->invocation[0] ? " " : "", c->invocation);
    ssize_t written = write(STDOUT_FILENO, line, (size_t)n);
    (void)written; /* A log nobody takes is no reason to fail a request. */
}

/*
 * Answers one request; false when the connection is done. The head is copied, because reading the body reuses the buffer it
 * arrived in.
 */
static bool one_request(struct connection *c) {
    static char nothing[] = "";
    char *arrived = next_head(c);
    if (arrived == NULL) {
        return false;
    }
    char head_text[HEAD_BYTES_MAX + 1];
    memcpy(head_text, arrived, strlen(arrived) + 1);
    atomic_fetch_add(&in_flight, 1);
    long long started = nanos(CLOCK_MONOTONIC);
    c->method = c->path = c->query = c->host = c->invocation = nothing;
    c->chunked = false;
    c->body_left = 0;
    c->keep_alive = false;
    bool good = parse(c, head_text);
    if (good) {
        atomic_fetch_add(&calls, 1);
        good = serve(c);
        log_line(c, started);
    } else {
        c->keep_alive = false;
        c->chunked = false;
        c->body_left = 0;
        answer(c, 400, "not an HTTP/1 request\n");
    }
    if (atomic_fetch_sub(&in_flight, 1) == 1 && atomic_load(&stopping)) {
        _exit(0);
    }
    return good && c->keep_alive;
}

static void *converse(void *argument) {
    struct connection *c = argument;
    while (one_request(c)) {
    }
    close(c->fd);
    free(c);
    return NULL;
}

/* ---- process ---- */

/* As process 1 of a sandbox it has no default action for SIGTERM: it ends at once, or with the last request in flight. */
static void stop(int signal_number) {
    (void)signal_number;
    atomic_store(&stopping, true);
    if (atomic_load(&in_flight) == 0) {
        _exit(0);
    }
}

static int listen_on(int port) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int on = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0
            || bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, 1024) < 0) {
        fprintf(stderr, "hello: cannot listen on port %d: %s\n", port, strerror(errno));
        exit(1);
    }
    return fd;
}

static void start(int fd, pthread_attr_t *attributes) {
    struct connection *c = malloc(sizeof *c);
    if (c == NULL) {
        close(fd);
        return;
    }
    c->fd = fd;
    c->have = c->used = 0;
    pthread_t thread;
    if (pthread_create(&thread, attributes, converse, c) != 0) {
        converse(c); /* At the limit of threads, connections take turns. */
    }
}

/* Two ways to fail at the start, so that one can see what the platform makes of them: --exit CODE, and --deaf, which never listens. */
static void fail_if_asked(int argc, char **argv) {
    if (argc > 2 && strcmp(argv[1], "--exit") == 0) {
        fprintf(stderr, "hello: asked to exit with %s\n", argv[2]);
        exit(atoi(argv[2]));
    }
    while (argc > 1 && strcmp(argv[1], "--deaf") == 0) {
        pause();
    }
}

int main(int argc, char **argv) {
    const char *port_text = getenv("PORT");
    const char *log_text = getenv("LOG");
    int port = port_text == NULL ? 8080 : atoi(port_text);
    log_requests = log_text == NULL || strcmp(log_text, "off") != 0;
    if (port < 1 || port > 65535) {
        fprintf(stderr, "hello: PORT=%s, must be 1..65535\n", port_text);
        return 1;
    }
    struct sigaction action = {.sa_handler = stop, .sa_flags = SA_RESTART};
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    fail_if_asked(argc, argv);
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    int listener = listen_on(port);
    for (;;) {
        int on = 1;
        int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        if (fd >= 0) {
            setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            start(fd, &attributes);
        } else if (errno != EINTR && errno != ECONNABORTED) {
            struct timespec pause = {.tv_nsec = 10 * 1000 * 1000}; /* Out of descriptors: wait for some to be closed. */
            nanosleep(&pause, NULL);
        }
    }
}
