// What is known of each descriptor: one byte, looked up before anything else.
#ifndef DESCRIPTORS_H
#define DESCRIPTORS_H

#include <stdbool.h>

enum descriptor_kind {
    // Nothing is known: a file, a pipe, or something that came with exec.
    KIND_UNKNOWN = 0,
    // A socket, and not one of AF_IRDA.
    KIND_FOREIGN = 1,
    // An AF_IRDA socket that may have no connection: calls for data ask first.
    KIND_IDLE = 2,
    // An AF_IRDA socket with a connection: data goes by without a question.
    KIND_OPEN = 3,
    // The same, of datagrams: one that is too long is cut.
    KIND_CUTTING = 4,
};

// Descriptors beyond this cannot be AF_IRDA sockets.
#define DESCRIPTOR_LIMIT 65536

extern unsigned char descriptor_kinds[DESCRIPTOR_LIMIT] __attribute__((visibility("hidden")));

// Bytes are read and written whole, so no thread sees half of one; who closes a descriptor that another thread is using has
// the same surprises with every family.
static inline enum descriptor_kind descriptor_kind(int fd) {
    if ((unsigned)fd >= DESCRIPTOR_LIMIT) return KIND_UNKNOWN;
    return __atomic_load_n(&descriptor_kinds[fd], __ATOMIC_RELAXED);
}

static inline void set_descriptor_kind(int fd, enum descriptor_kind kind) {
    if ((unsigned)fd < DESCRIPTOR_LIMIT) __atomic_store_n(&descriptor_kinds[fd], kind, __ATOMIC_RELAXED);
}

// Whether this is a child of vfork(2), which has descriptors of its own, and its parent's table of them.
bool memory_is_parents(void) __attribute__((visibility("hidden")));

// Whether a call for anything but data is for us. A descriptor of which nothing is known yet is looked at, once: an AF_IRDA
// socket that came with exec tells by the name of its kernel socket.
bool is_af_irda(int fd) __attribute__((visibility("hidden")));

#endif
