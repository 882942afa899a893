// The calls that make sockets and connections.
#define _GNU_SOURCE
#include <poll.h>
#include <signal.h>

#include "Answers.h"

#define LINUX_AF_IRDA 23

// Whether every signal handler of the program wants calls to go on after it (SA_RESTART). Which of them has run cannot be known.
static bool handlers_restart(void) {
    for (int signal = 1; signal <= SIGRTMAX; signal++) {
        struct sigaction action;
        if (sigaction(signal, NULL, &action) != 0) continue;
        if (action.sa_handler == SIG_DFL || action.sa_handler == SIG_IGN) continue;
        if (!(action.sa_flags & SA_RESTART)) return false;
    }
    return true;
}

// accept(2) and connect(2) go on after a handler that wants it so; poll(2) never does.
int wait_as_asked(int fd, int answer) {
    if (answer == ANSWER_WAIT_TO_READ) {
        char byte;
        // The kernel itself knows which handler has run. Any other end of the wait the next question explains.
        return LIBRARY(recv)(fd, &byte, 1, MSG_PEEK) < 0 && (errno == EINTR || errno == EAGAIN) ? -1 : 0;
    }
    struct pollfd wait = {.fd = fd, .events = POLLOUT};
    while (poll(&wait, 1, -1) < 0) {
        if (errno != EINTR || !handlers_restart()) return -1;
    }
    return 0;
}

int interposed_socket(int family, int type, int protocol) INTERPOSED(socket);
int interposed_socket(int family, int type, int protocol) {
    if (family == LINUX_AF_IRDA && !inside_calls) {
        int answer = ASK(socket, type, protocol);
        if (answer >= DESCRIPTOR_LIMIT) {
            ASK(closing, answer);
            LIBRARY(close)(answer);
            answer = -EMFILE;
        }
        if (answer != ANSWER_NOT_OURS) {
            if (answer >= 0) note_connection(answer);
            return returned(answer);
        }
    }
    int fd = LIBRARY(socket)(family, type, protocol);
    set_descriptor_kind(fd, KIND_FOREIGN);
    return fd;
}

int interposed_bind(int fd, const void *address, socklen_t length) INTERPOSED(bind);
int interposed_bind(int fd, const void *address, socklen_t length) {
    if (is_af_irda(fd)) {
        int answer = ASK(bind, fd, address, length);
        if (is_ours(answer, fd)) return returned(answer);
    }
    return LIBRARY(bind)(fd, address, length);
}

int interposed_listen(int fd, int backlog) INTERPOSED(listen);
int interposed_listen(int fd, int backlog) {
    if (is_af_irda(fd)) {
        int answer = ASK(listen, fd, backlog);
        if (is_ours(answer, fd)) return returned(answer);
    }
    return LIBRARY(listen)(fd, backlog);
}

// Answers the descriptor, -1 with errno, or ANSWER_NOT_OURS.
static int accept_af_irda(int fd, void *address, socklen_t *length, int flags) {
    for (;;) {
        int answer = ASK(accept, fd, address, length, flags);
        if (answer == ANSWER_NOT_OURS) return answer;
        if (answer == ANSWER_WAIT_TO_READ) {
            if (wait_as_asked(fd, answer) != 0) return -1;
            continue;
        }
        if (answer >= DESCRIPTOR_LIMIT) {
            ASK(closing, answer);
            LIBRARY(close)(answer);
            answer = -EMFILE;
        }
        if (answer >= 0) set_descriptor_kind(answer, KIND_IDLE);
        return returned(answer);
    }
}

int interposed_accept(int fd, void *address, socklen_t *length) INTERPOSED(accept);
int interposed_accept(int fd, void *address, socklen_t *length) {
    if (is_af_irda(fd)) {
        int answer = accept_af_irda(fd, address, length, 0);
        if (is_ours(answer, fd)) return answer;
    }
    int accepted = LIBRARY(accept)(fd, address, length);
    set_descriptor_kind(accepted, KIND_FOREIGN);
    return accepted;
}

int interposed_accept4(int fd, void *address, socklen_t *length, int flags) INTERPOSED(accept4);
int interposed_accept4(int fd, void *address, socklen_t *length, int flags) {
    if (is_af_irda(fd)) {
        int answer = accept_af_irda(fd, address, length, flags);
        if (is_ours(answer, fd)) return answer;
    }
    int accepted = LIBRARY(accept4)(fd, address, length, flags);
    set_descriptor_kind(accepted, KIND_FOREIGN);
    return accepted;
}

int interposed_connect(int fd, const void *address, socklen_t length) INTERPOSED(connect);
int interposed_connect(int fd, const void *address, socklen_t length) {
    if (is_af_irda(fd)) {
        // Asked again after a wait, the Swift half goes on with the attempt instead of starting another.
        for (int attempt = 0;; attempt = 1) {
            int answer = ASK(connect, fd, address, length, attempt);
            if (!is_ours(answer, fd)) break;
            if (answer == ANSWER_WAIT_TO_WRITE) {
                if (wait_as_asked(fd, answer) != 0) return -1;
                continue;
            }
            if (answer == 0) note_connection(fd);
            return returned(answer);
        }
    }
    return LIBRARY(connect)(fd, address, length);
}

int interposed_shutdown(int fd, int how) INTERPOSED(shutdown);
int interposed_shutdown(int fd, int how) {
    if (is_af_irda(fd)) {
        int answer = ASK(shutdown, fd, how);
        if (is_ours(answer, fd)) return returned(answer);
    }
    return LIBRARY(shutdown)(fd, how);
}

// MARK: Names and options

int interposed_getsockname(int fd, void *address, socklen_t *length) INTERPOSED(getsockname);
int interposed_getsockname(int fd, void *address, socklen_t *length) {
    if (is_af_irda(fd)) {
        int answer = ASK(getsockname, fd, address, length);
        if (is_ours(answer, fd)) return returned(answer);
    }
    return LIBRARY(getsockname)(fd, address, length);
}

int interposed_getpeername(int fd, void *address, socklen_t *length) INTERPOSED(getpeername);
int interposed_getpeername(int fd, void *address, socklen_t *length) {
    if (is_af_irda(fd)) {
        int answer = ASK(getpeername, fd, address, length);
        if (is_ours(answer, fd)) return returned(answer);
    }
    return LIBRARY(getpeername)(fd, address, length);
}

int interposed_getsockopt(int fd, int level, int name, void *value, socklen_t *length) INTERPOSED(getsockopt);
int interposed_getsockopt(int fd, int level, int name, void *value, socklen_t *length) {
    if (is_af_irda(fd)) {
        int answer = ASK(getsockopt, fd, level, name, value, length);
        if (is_ours(answer, fd)) return returned(answer);
    }
    return LIBRARY(getsockopt)(fd, level, name, value, length);
}

int interposed_setsockopt(int fd, int level, int name, const void *value, socklen_t length) INTERPOSED(setsockopt);
int interposed_setsockopt(int fd, int level, int name, const void *value, socklen_t length) {
    if (is_af_irda(fd)) {
        int answer = ASK(setsockopt, fd, level, name, value, length);
        if (is_ours(answer, fd)) return returned(answer);
    }
    return LIBRARY(setsockopt)(fd, level, name, value, length);
}
