#include "Descriptors.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "Calls.h"
#include "Library.h"

unsigned char descriptor_kinds[DESCRIPTOR_LIMIT];

// Whose table it is.
static pid_t process;

static void note_process(void) { process = getpid(); }

// vfork(2) is the one way to a child that does not run such handlers.
__attribute__((constructor)) static void follow_forks(void) {
    note_process();
    pthread_atfork(NULL, NULL, note_process);
}

bool memory_is_parents(void) { return getpid() != process; }

// The abstract name that AFIrDAPreload gives to the kernel socket behind each of its sockets begins so.
static const char mark[] = "\0irsock-af-irda/";

static bool has_mark(int fd) {
    struct sockaddr_un name;
    socklen_t length = sizeof name;
    memset(&name, 0, sizeof name);
    if (LIBRARY(getsockname)(fd, &name, &length) != 0) return false;
    return name.sun_family == AF_UNIX && length > offsetof(struct sockaddr_un, sun_path) + sizeof mark - 1
        && memcmp(name.sun_path, mark, sizeof mark - 1) == 0;
}

bool is_af_irda(int fd) {
    if (inside_calls) return false;
    enum descriptor_kind kind = descriptor_kind(fd);
    if (kind >= KIND_IDLE) return true;
    if (kind == KIND_FOREIGN || fd < 0 || fd >= DESCRIPTOR_LIMIT) return false;
    int saved = errno;
    errno = 0;
    if (has_mark(fd)) {
        kind = ASK(adopt, fd) == 0 ? KIND_IDLE : KIND_FOREIGN;
    } else if (errno != EBADF) {
        kind = KIND_FOREIGN;
    }
    errno = saved;
    set_descriptor_kind(fd, kind);
    return kind == KIND_IDLE;
}
