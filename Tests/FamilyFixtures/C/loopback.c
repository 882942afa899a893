/*
 * A family in plain C, for tests: stream sockets between the threads of one process, with numbers for addresses.
 *
 * The work is left to AF_UNIX sockets with abstract names: number 7 is "\0irsock-loop-PID-7". Zero is nobody's.
 */
#define _GNU_SOURCE
#include "irsock_plugin.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum {
    LOOP_FAMILY = 200,
    WSA_EACCES = 10013, WSA_EFAULT = 10014, WSA_EINVAL = 10022, WSA_EMFILE = 10024, WSA_EWOULDBLOCK = 10035,
    WSA_ENOPROTOOPT = 10042, WSA_EPROTONOSUPPORT = 10043, WSA_ESOCKTNOSUPPORT = 10044, WSA_EOPNOTSUPP = 10045,
    WSA_EAFNOSUPPORT = 10047, WSA_EADDRINUSE = 10048, WSA_EADDRNOTAVAIL = 10049, WSA_ECONNRESET = 10054,
    WSA_ENOTCONN = 10057, WSA_ECONNREFUSED = 10061
};

/* A `sockaddr` of this family. */
struct sockaddr_loop {
    uint16_t family;
    uint16_t padding;
    uint32_t number;
};

struct loop_socket {
    int descriptor;
    /* Numbers; zero for none. Set once. */
    _Atomic uint32_t local, peer;
};

/* Numbers from here on are given to sockets that connect without one. */
static _Atomic uint32_t next_number = 0x80000000u;

static int32_t fail(irsock_error *error, int32_t code, const char *reason) {
    error->linux_errno = errno;
    snprintf(error->reason, sizeof error->reason, "%s", reason);
    return code;
}

static int32_t fail_by_errno(irsock_error *error) {
    switch (errno) {
    case EAGAIN: return fail(error, WSA_EWOULDBLOCK, "nothing can be done now");
    case EPIPE:
    case ECONNRESET: return fail(error, WSA_ECONNRESET, "the peer is gone");
    case ENOTCONN: return fail(error, WSA_ENOTCONN, "there is no connection");
    case EADDRINUSE: return fail(error, WSA_EADDRINUSE, "the number is taken");
    case EMFILE: return fail(error, WSA_EMFILE, "too many descriptors are open");
    default: return fail(error, WSA_EINVAL, strerror(errno));
    }
}

static socklen_t kernel_name(uint32_t number, struct sockaddr_un *name) {
    *name = (struct sockaddr_un){.sun_family = AF_UNIX};
    int length = snprintf(name->sun_path + 1, sizeof name->sun_path - 1, "irsock-loop-%d-%u", (int)getpid(), number);
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length);
}

static int32_t read_address(const uint8_t *bytes, size_t length, uint32_t *number, irsock_error *error) {
    struct sockaddr_loop address;
    errno = 0;
    if (length < sizeof address) return fail(error, WSA_EFAULT, "the address is too short");
    memcpy(&address, bytes, sizeof address);
    if (address.family != LOOP_FAMILY) return fail(error, WSA_EAFNOSUPPORT, "the address is of another family");
    *number = address.number;
    return 0;
}

static void write_address(uint32_t number, irsock_address *address) {
    struct sockaddr_loop written = {.family = LOOP_FAMILY, .number = number};
    memcpy(address->bytes, &written, sizeof written);
    address->length = sizeof written;
}

static struct loop_socket *make(int descriptor, irsock_new_socket *made) {
    struct loop_socket *socket = calloc(1, sizeof *socket);
    if (!socket) return NULL;
    socket->descriptor = descriptor;
    made->catalogue_index = 0;
    made->descriptor = descriptor;
    made->socket = socket;
    return socket;
}

static int32_t bind_to(struct loop_socket *socket, uint32_t number, irsock_error *error) {
    struct sockaddr_un name;
    socklen_t length = kernel_name(number, &name);
    if (bind(socket->descriptor, (struct sockaddr *)&name, length) == -1) return fail_by_errno(error);
    socket->local = number;
    return 0;
}

static int32_t loop_bind(void *opaque, const uint8_t *bytes, size_t length, irsock_error *error) {
    uint32_t number = 0;
    int32_t code = read_address(bytes, length, &number, error);
    if (code) return code == WSA_EAFNOSUPPORT ? WSA_EFAULT : code;
    return bind_to(opaque, number ? number : atomic_fetch_add(&next_number, 1), error);
}

static int32_t loop_listen(void *opaque, int32_t backlog, irsock_error *error) {
    struct loop_socket *socket = opaque;
    errno = 0;
    if (!socket->local) return fail(error, WSA_EINVAL, "the socket has no number");
    return listen(socket->descriptor, backlog) == -1 ? fail_by_errno(error) : 0;
}

static int32_t loop_accept(void *opaque, irsock_new_socket *made, irsock_address *peer, irsock_error *error) {
    struct loop_socket *listener = opaque;
    struct sockaddr_un name = {0};
    socklen_t length = sizeof name - 1;
    int descriptor = accept4(listener->descriptor, (struct sockaddr *)&name, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor == -1) return fail_by_errno(error);
    struct loop_socket *socket = make(descriptor, made);
    if (!socket) {
        close(descriptor);
        return fail(error, WSA_EMFILE, "there is no memory");
    }
    unsigned number = 0;
    int process = 0;
    sscanf(name.sun_path + 1, "irsock-loop-%d-%u", &process, &number);
    socket->local = listener->local;
    socket->peer = number;
    write_address(number, peer);
    return 0;
}

static int32_t loop_connect(
    void *opaque, const uint8_t *bytes, size_t length, int32_t *progress, irsock_error *error) {
    struct loop_socket *socket = opaque;
    uint32_t number = 0;
    int32_t code = read_address(bytes, length, &number, error);
    if (code) return code;
    if (!number) return fail(error, WSA_EADDRNOTAVAIL, "zero is nobody's number");
    if (!socket->local && (code = bind_to(socket, atomic_fetch_add(&next_number, 1), error))) return code;
    struct sockaddr_un name;
    socklen_t name_length = kernel_name(number, &name);
    if (connect(socket->descriptor, (struct sockaddr *)&name, name_length) == -1) {
        return errno == ECONNREFUSED || errno == EAGAIN ? fail(error, WSA_ECONNREFUSED, "nobody takes connections there")
                                                        : fail_by_errno(error);
    }
    socket->peer = number;
    *progress = IRSOCK_CONNECTED;
    return 0;
}

static int32_t loop_finish_connect(void *opaque, irsock_error *error) {
    struct loop_socket *socket = opaque;
    errno = 0;
    return socket->peer ? 0 : fail(error, WSA_ENOTCONN, "no connect was started");
}

static int32_t loop_send(
    void *opaque, const void *bytes, size_t count, int32_t flags, uint64_t *sent, irsock_error *error) {
    struct loop_socket *socket = opaque;
    errno = 0;
    if (flags) return fail(error, WSA_EOPNOTSUPP, "the family has no flags for sending");
    ssize_t answer = send(socket->descriptor, bytes, count, MSG_NOSIGNAL);
    if (answer == -1) return fail_by_errno(error);
    *sent = (uint64_t)answer;
    return 0;
}

static int32_t loop_receive(
    void *opaque, void *buffer, size_t capacity, int32_t flags, irsock_received *received, irsock_error *error) {
    struct loop_socket *socket = opaque;
    ssize_t answer = recv(socket->descriptor, buffer, capacity, flags & MSG_PEEK);
    if (answer == -1) return fail_by_errno(error);
    received->count = (uint64_t)answer;
    return 0;
}

static int32_t loop_shutdown(void *opaque, int32_t direction, irsock_error *error) {
    struct loop_socket *socket = opaque;
    return shutdown(socket->descriptor, direction) == -1 ? fail_by_errno(error) : 0;
}

static int32_t loop_local_address(void *opaque, irsock_address *address, irsock_error *error) {
    struct loop_socket *socket = opaque;
    errno = 0;
    if (!socket->local) return fail(error, WSA_EINVAL, "the socket has no number");
    write_address(socket->local, address);
    return 0;
}

static int32_t loop_peer_address(void *opaque, irsock_address *address, irsock_error *error) {
    struct loop_socket *socket = opaque;
    errno = 0;
    if (!socket->peer) return fail(error, WSA_ENOTCONN, "the socket has no peer");
    write_address(socket->peer, address);
    return 0;
}

static void loop_release(void *opaque) {
    struct loop_socket *socket = opaque;
    close(socket->descriptor);
    free(socket);
}

static int32_t loop_make_socket(
    void *context, int32_t type, int32_t protocol, irsock_new_socket *made, irsock_error *error) {
    (void)context;
    errno = 0;
    if (type != SOCK_STREAM) return fail(error, WSA_ESOCKTNOSUPPORT, "the family has stream sockets only");
    if (protocol) return fail(error, WSA_EPROTONOSUPPORT, "the family has protocol 0 only");
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (descriptor == -1) return fail_by_errno(error);
    if (!make(descriptor, made)) {
        close(descriptor);
        return fail(error, WSA_EMFILE, "there is no memory");
    }
    return 0;
}

static int32_t loop_resolve(void *context, const char *text, irsock_address *address, irsock_error *error) {
    (void)context;
    char *end = NULL;
    errno = 0;
    unsigned long number = strtoul(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end || errno || number > 0xFFFFFFFFul) {
        errno = 0;
        snprintf(error->advice, sizeof error->advice, "Write a number, as in 7.");
        return fail(error, WSA_EINVAL, "it is no number from 0 to 4294967295");
    }
    write_address((uint32_t)number, address);
    return 0;
}

static int32_t loop_describe(
    void *context, const uint8_t *bytes, size_t length, char *text, size_t capacity, irsock_error *error) {
    (void)context;
    uint32_t number = 0;
    int32_t code = read_address(bytes, length, &number, error);
    if (!code) snprintf(text, capacity, "%u", number);
    return code;
}

static const irsock_socket_functions socket_functions = {
    .size = sizeof socket_functions,
    .bind = loop_bind,
    .listen = loop_listen,
    .accept = loop_accept,
    .connect = loop_connect,
    .finish_connect = loop_finish_connect,
    .send = loop_send,
    .receive = loop_receive,
    .shutdown = loop_shutdown,
    .local_address = loop_local_address,
    .peer_address = loop_peer_address,
    .release = loop_release,
};

static const irsock_catalogue_entry stream = {
    .size = sizeof stream,
    .type = SOCK_STREAM,
    .protocol = 0,
    .minimum_address_length = sizeof(struct sockaddr_loop),
    .maximum_address_length = sizeof(struct sockaddr_loop),
    .services = 0x2 | 0x4 | 0x20 | 0x20000,
    .transport = "Loop",
};

static const irsock_catalogue_entry *const catalogue[] = {&stream};

static const irsock_backend backend = {
    .size = sizeof backend,
    .family = LOOP_FAMILY,
    .name = "loop",
    .family_name = "loop",
    .catalogue = catalogue,
    .catalogue_count = 1,
    .socket_functions = &socket_functions,
    .make_socket = loop_make_socket,
    .resolve = loop_resolve,
    .describe = loop_describe,
};

static const irsock_backend *const backends[] = {&backend};

static const irsock_plugin_table table = {
    .size = sizeof table,
    .version = IRSOCK_PLUGIN_VERSION,
    .backend_count = 1,
    .backends = backends,
};

const irsock_plugin_table *irsock_plugin(uint32_t host_version) {
    return host_version == IRSOCK_PLUGIN_VERSION ? &table : NULL;
}
