// The C library's own functions, behind those that we put before them.
#ifndef LIBRARY_H
#define LIBRARY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>

// result, name, parameters. Addresses are void pointers: glibc declares them with a union that C++ and others see differently.
#define LIBRARY_FUNCTIONS(FUNCTION) \
    FUNCTION(int, socket, (int, int, int)) \
    FUNCTION(int, bind, (int, const void *, socklen_t)) \
    FUNCTION(int, listen, (int, int)) \
    FUNCTION(int, accept, (int, void *, socklen_t *)) \
    FUNCTION(int, accept4, (int, void *, socklen_t *, int)) \
    FUNCTION(int, connect, (int, const void *, socklen_t)) \
    FUNCTION(int, getsockopt, (int, int, int, void *, socklen_t *)) \
    FUNCTION(int, setsockopt, (int, int, int, const void *, socklen_t)) \
    FUNCTION(int, getsockname, (int, void *, socklen_t *)) \
    FUNCTION(int, getpeername, (int, void *, socklen_t *)) \
    FUNCTION(int, shutdown, (int, int)) \
    FUNCTION(int, fcntl, (int, int, ...)) \
    FUNCTION(int, fcntl64, (int, int, ...)) \
    FUNCTION(int, ioctl, (int, unsigned long, ...)) \
    FUNCTION(int, dup, (int)) \
    FUNCTION(int, dup2, (int, int)) \
    FUNCTION(int, dup3, (int, int, int)) \
    FUNCTION(int, close, (int)) \
    FUNCTION(ssize_t, read, (int, void *, size_t)) \
    FUNCTION(ssize_t, __read_chk, (int, void *, size_t, size_t)) \
    FUNCTION(ssize_t, readv, (int, const struct iovec *, int)) \
    FUNCTION(ssize_t, write, (int, const void *, size_t)) \
    FUNCTION(ssize_t, writev, (int, const struct iovec *, int)) \
    FUNCTION(ssize_t, recv, (int, void *, size_t, int)) \
    FUNCTION(ssize_t, __recv_chk, (int, void *, size_t, size_t, int)) \
    FUNCTION(ssize_t, recvfrom, (int, void *, size_t, int, void *, socklen_t *)) \
    FUNCTION(ssize_t, __recvfrom_chk, (int, void *, size_t, size_t, int, void *, socklen_t *)) \
    FUNCTION(ssize_t, recvmsg, (int, struct msghdr *, int)) \
    FUNCTION(ssize_t, send, (int, const void *, size_t, int)) \
    FUNCTION(ssize_t, sendto, (int, const void *, size_t, int, const void *, socklen_t)) \
    FUNCTION(ssize_t, sendmsg, (int, const struct msghdr *, int))

struct library {
#define MEMBER(result, name, parameters) result(*name) parameters;
    LIBRARY_FUNCTIONS(MEMBER)
#undef MEMBER
};

extern struct library library __attribute__((visibility("hidden")));
extern bool library_is_known __attribute__((visibility("hidden")));
void look_library_up(void) __attribute__((visibility("hidden")));

// Looked up when this library is loaded; other libraries' start-up code may call us before that.
static inline const struct library *known_library(void) {
    if (__builtin_expect(!library_is_known, 0)) look_library_up();
    return &library;
}

#define LIBRARY(name) (known_library()->name)

// Gives a function the name under which programs look for it, whatever headers declare for that name.
#define INTERPOSED(name) __asm__(#name) __attribute__((visibility("default")))

#endif
