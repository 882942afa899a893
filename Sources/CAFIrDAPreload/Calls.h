// The half of AF_IRDA that is Swift (Sources/AFIrDAPreload), loaded when a program first needs it.
#ifndef CALLS_H
#define CALLS_H

#include <limits.h>
#include <stddef.h>
#include <sys/socket.h>

// Every call answers as a system call does: not negative, or an error number with its sign changed. Two answers are more than
// that.
enum {
    // The descriptor is not an AF_IRDA socket any more: closed behind our back, and the number used again.
    ANSWER_NOT_OURS = INT_MIN,
    // What was asked for has to be waited for: until the descriptor is readable, or until it is writable; then ask again.
    ANSWER_WAIT_TO_READ = INT_MIN + 1,
    ANSWER_WAIT_TO_WRITE = INT_MIN + 2,
};

enum transfer { TRANSFER_RECEIVE = 0, TRANSFER_SEND = 1, TRANSFER_RECEIVE_NOW = 2 };

#define AF_IRDA_CALLS(CALL) \
    CALL(socket, (int type, int protocol)) \
    CALL(bind, (int fd, const void *address, socklen_t length)) \
    CALL(listen, (int fd, int backlog)) \
    CALL(accept, (int fd, void *address, socklen_t *length, int flags)) \
    CALL(connect, (int fd, const void *address, socklen_t length, int attempt)) \
    CALL(getsockopt, (int fd, int level, int name, void *value, socklen_t *length)) \
    CALL(setsockopt, (int fd, int level, int name, const void *value, socklen_t length)) \
    CALL(getsockname, (int fd, void *address, socklen_t *length)) \
    CALL(getpeername, (int fd, void *address, socklen_t *length)) \
    CALL(shutdown, (int fd, int how)) \
    CALL(ioctl, (int fd, unsigned long request, void *argument)) \
    CALL(transfer, (int fd, int direction)) \
    CALL(longest, (int fd)) \
    CALL(ended, (int fd)) \
    CALL(duplicated, (int fd, int copy)) \
    CALL(closing, (int fd)) \
    CALL(adopt, (int fd))

struct af_irda_calls {
#define MEMBER(name, parameters) int(*name) parameters;
    AF_IRDA_CALLS(MEMBER)
#undef MEMBER
};

// The calls; NULL where the Swift half cannot be loaded. IRSOCK_PRELOAD_DEBUG in the environment says why on standard error.
const struct af_irda_calls *af_irda_calls(void) __attribute__((visibility("hidden")));

// Greater than zero while this thread is in the Swift half, whose own calls of the C library are not for us.
extern __thread int inside_calls __attribute__((visibility("hidden"), tls_model("initial-exec")));

// Makes one call; ANSWER_NOT_OURS where there is nobody to ask.
#define ASK(name, ...) \
    ({ \
        const struct af_irda_calls *calls_ = af_irda_calls(); \
        int answer_ = ANSWER_NOT_OURS; \
        if (calls_) { \
            inside_calls++; \
            answer_ = calls_->name(__VA_ARGS__); \
            inside_calls--; \
        } \
        answer_; \
    })

#endif
