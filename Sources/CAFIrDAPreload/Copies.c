// The calls that copy descriptors, close them, and ask about them.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdarg.h>
#include <sys/ioctl.h>

#include "Answers.h"

// A copy is what its original is, and no longer what was under its number before.
static int copied(int fd, int copy) {
    if (copy < 0 || copy == fd || inside_calls) return copy;
    enum descriptor_kind kind = descriptor_kind(fd);
    enum descriptor_kind old = descriptor_kind(copy);
    if ((kind >= KIND_IDLE || old >= KIND_IDLE) && memory_is_parents()) return copy;
    if (old >= KIND_IDLE) ASK(closing, copy);
    set_descriptor_kind(copy, kind);
    // A copy beyond the table is an AF_UNIX socket to this library, which still carries the data.
    if (kind >= KIND_IDLE && copy < DESCRIPTOR_LIMIT) ASK(duplicated, fd, copy);
    return copy;
}

int interposed_dup(int fd) INTERPOSED(dup);
int interposed_dup(int fd) { return copied(fd, LIBRARY(dup)(fd)); }

int interposed_dup2(int fd, int target) INTERPOSED(dup2);
int interposed_dup2(int fd, int target) { return copied(fd, LIBRARY(dup2)(fd, target)); }

int interposed_dup3(int fd, int target, int flags) INTERPOSED(dup3);
int interposed_dup3(int fd, int target, int flags) { return copied(fd, LIBRARY(dup3)(fd, target, flags)); }

int interposed_close(int fd) INTERPOSED(close);
int interposed_close(int fd) {
    enum descriptor_kind kind = descriptor_kind(fd);
    if (!inside_calls && !(kind >= KIND_IDLE && memory_is_parents())) {
        if (kind >= KIND_IDLE) ASK(closing, fd);
        set_descriptor_kind(fd, KIND_UNKNOWN);
    }
    return LIBRARY(close)(fd);
}

// The argument, which is an int, a long or a pointer; the kernel too sees one register.
#define TAKE_ARGUMENT(last) \
    va_list arguments; \
    va_start(arguments, last); \
    void *argument = va_arg(arguments, void *); \
    va_end(arguments)

static bool makes_copy(int command) { return command == F_DUPFD || command == F_DUPFD_CLOEXEC; }

int interposed_fcntl(int fd, int command, ...) INTERPOSED(fcntl);
int interposed_fcntl(int fd, int command, ...) {
    TAKE_ARGUMENT(command);
    int answer = LIBRARY(fcntl)(fd, command, argument);
    return makes_copy(command) ? copied(fd, answer) : answer;
}

int interposed_fcntl64(int fd, int command, ...) INTERPOSED(fcntl64);
int interposed_fcntl64(int fd, int command, ...) {
    TAKE_ARGUMENT(command);
    int answer = LIBRARY(fcntl64)(fd, command, argument);
    return makes_copy(command) ? copied(fd, answer) : answer;
}

int interposed_ioctl(int fd, unsigned long request, ...) INTERPOSED(ioctl);
int interposed_ioctl(int fd, unsigned long request, ...) {
    TAKE_ARGUMENT(request);
    // FIONREAD and TIOCOUTQ are also what terminals are asked; of those nothing is known, and they are looked at once.
    if ((request == FIONREAD || request == TIOCOUTQ) && is_af_irda(fd)) {
        int answer = ASK(ioctl, fd, request, argument);
        if (is_ours(answer, fd)) return returned(answer);
    }
    return LIBRARY(ioctl)(fd, request, argument);
}
