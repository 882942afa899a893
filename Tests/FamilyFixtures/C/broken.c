/* The loopback family with one thing wrong with it, which BREAKAGE names. */
#define irsock_plugin whole_plugin
#include "loopback.c"
#undef irsock_plugin

#include <signal.h>

enum {
    NULL_TABLE = 1, WRONG_VERSION, SHORT_TABLE, SHORT_BACKEND, NO_BACKENDS, NO_CONNECT, NO_NAME, ENDLESS_NAME,
    LONG_ADDRESSES, FAMILY_ZERO, KIND_TWICE, CRASH_AT_ONCE, EXIT_AT_ONCE, HANG_AT_ONCE, CRASH_IN_ENTRY, WILD_POINTER,
    /* From here on the table is right, and the functions are wrong. */
    NO_SUCH_CODE, NO_SOCKET, NO_DESCRIPTOR, NO_SUCH_KIND, NO_SUCH_PROGRESS, TOO_MUCH_SENT, TOO_MUCH_RECEIVED,
    LONG_ADDRESS, OTHER_FAMILY, LONG_OPTION, DECLINES, ENDLESS_TEXT,
    /* Nothing is wrong: it was built with a later header, which has more at the end of everything. */
    LATER_HEADER
};

static irsock_plugin_table bad_table;
static irsock_backend bad_backend;
static irsock_socket_functions bad_functions;
static irsock_catalogue_entry bad_entry;
static const irsock_backend *const bad_backends[] = {&bad_backend};
static const irsock_catalogue_entry *bad_catalogue[] = {&bad_entry, &bad_entry};
static char endless[400];

static int32_t odd_make(void *context, int32_t type, int32_t protocol, irsock_new_socket *made, irsock_error *error) {
    if (BREAKAGE == NO_SUCH_CODE) return -77;
    if (BREAKAGE == DECLINES) return fail(error, IRSOCK_DECLINED, "nobody is\nat home");
    int32_t code = loop_make_socket(context, type, protocol, made, error);
    if (BREAKAGE == NO_SOCKET) made->socket = NULL;
    if (BREAKAGE == NO_DESCRIPTOR) made->descriptor = 1 << 20;
    if (BREAKAGE == NO_SUCH_KIND) made->catalogue_index = 9;
    return code;
}

static int32_t odd_connect(void *socket, const uint8_t *bytes, size_t length, int32_t *progress, irsock_error *error) {
    int32_t code = loop_connect(socket, bytes, length, progress, error);
    if (BREAKAGE == NO_SUCH_PROGRESS) *progress = IRSOCK_DISSOLVED;
    return code;
}

static int32_t odd_send(void *socket, const void *bytes, size_t count, int32_t flags, uint64_t *sent, irsock_error *error) {
    int32_t code = loop_send(socket, bytes, count, flags, sent, error);
    if (BREAKAGE == TOO_MUCH_SENT) *sent = UINT64_MAX;
    return code;
}

static int32_t odd_receive(
    void *socket, void *buffer, size_t capacity, int32_t flags, irsock_received *received, irsock_error *error) {
    int32_t code = loop_receive(socket, buffer, capacity, flags, received, error);
    if (BREAKAGE == TOO_MUCH_RECEIVED) received->count = capacity + 1;
    return code;
}

static int32_t odd_address(void *socket, irsock_address *address, irsock_error *error) {
    int32_t code = loop_local_address(socket, address, error);
    if (BREAKAGE == LONG_ADDRESS) address->length = UINT32_MAX;
    if (BREAKAGE == OTHER_FAMILY) address->bytes[0] = 2;
    return code;
}

static int32_t odd_option(void *socket, int32_t level, int32_t name, uint8_t *value, size_t *length, irsock_error *error) {
    (void)socket, (void)level, (void)name, (void)value, (void)error;
    *length = SIZE_MAX;
    return 0;
}

static int32_t odd_describe(
    void *context, const uint8_t *bytes, size_t length, char *text, size_t capacity, irsock_error *error) {
    if (BREAKAGE != ENDLESS_TEXT) return loop_describe(context, bytes, length, text, capacity, error);
    memset(text, 'x', capacity);
    return 0;
}

__attribute__((constructor)) static void begin(void) {
    if (BREAKAGE == CRASH_AT_ONCE) raise(SIGSEGV);
    if (BREAKAGE == EXIT_AT_ONCE) _exit(3);
    if (BREAKAGE == HANG_AT_ONCE) for (;;) pause();
}

const irsock_plugin_table *irsock_plugin(uint32_t host_version) {
    if (BREAKAGE == NULL_TABLE) return NULL;
    if (BREAKAGE == CRASH_IN_ENTRY) abort();
    if (BREAKAGE == WILD_POINTER) return (const irsock_plugin_table *)16;
    bad_table = *whole_plugin(host_version);
    bad_backend = backend;
    bad_functions = socket_functions;
    bad_entry = stream;
    bad_table.backends = bad_backends;
    bad_backend.catalogue = bad_catalogue;
    bad_backend.socket_functions = &bad_functions;
    bad_backend.make_socket = odd_make;
    bad_backend.describe = odd_describe;
    bad_functions.connect = odd_connect;
    bad_functions.send = odd_send;
    bad_functions.receive = odd_receive;
    bad_functions.local_address = odd_address;
    bad_functions.get_option = odd_option;
    memset(endless, 'x', sizeof endless);
    if (BREAKAGE == WRONG_VERSION) bad_table.version = 2;
    if (BREAKAGE == SHORT_TABLE) bad_table.size = 8;
    if (BREAKAGE == SHORT_BACKEND) bad_backend.size = 12;
    if (BREAKAGE == NO_BACKENDS) bad_table.backend_count = 0;
    if (BREAKAGE == NO_CONNECT) bad_functions.connect = NULL;
    if (BREAKAGE == NO_NAME) bad_backend.name = NULL;
    if (BREAKAGE == ENDLESS_NAME) bad_backend.name = endless;
    if (BREAKAGE == LONG_ADDRESSES) bad_entry.maximum_address_length = 4096;
    if (BREAKAGE == FAMILY_ZERO) bad_backend.family = 0;
    if (BREAKAGE == KIND_TWICE) bad_backend.catalogue_count = 2;
    if (BREAKAGE == LATER_HEADER) {
        bad_table.size += 16;
        bad_backend.size += 24;
        bad_functions.size += 8;
        bad_entry.size += 4;
    }
    return &bad_table;
}
