/*
 * irsock_plugin.h: the interface between IrSock and an address family that comes as a shared library.
 *
 * A plug-in is a shared library that exports one function, `irsock_plugin`. It answers a table that never changes and is
 * never freed: the backends that the library brings, each with its functions. Write it in C, or in anything that can make a
 * C table; for Swift, `ExportedPlugin` of the module SocketBackends makes the table from an `AddressFamilyBackend`.
 *
 * WHAT HOLDS EVERYWHERE
 *
 *   Sizes       Every structure begins with its size, as whoever made it knows it. A later version of this header only adds
 *               members at the end; each side takes what the other has, and reads what is missing as zero. So old plug-ins go
 *               on working with new hosts, and new ones with old hosts. IRSOCK_PLUGIN_VERSION changes only if that becomes
 *               impossible; a plug-in of another version is refused.
 *   Numbers     Families, types, protocols, levels, options and errors have the numbers of Winsock, whatever Linux calls
 *               them (AF_INET6 is 23, AF_IRDA 26, SOL_SOCKET 0xFFFF). An address is a whole `sockaddr`, family number first.
 *   Answers     A function returns 0, or a Winsock error code from 1 to 65535 (10061 is WSAECONNREFUSED); it may say more in
 *               the `irsock_error` that it is given, which is all zero when it comes. Anything else is reported to the program as
 *               WSASYSCALLFAILURE: the host believes no answer that cannot be true.
 *   Waiting     No function waits for the peer. What cannot be done now is WSAEWOULDBLOCK (10035); connect may answer
 *               IRSOCK_PENDING. Whoever wants to wait polls the socket's descriptor, whose readiness must be true: it turns
 *               writable when a connect ends, well or badly, and readable when there is data, an end, an error or a connection
 *               to accept.
 *   Threads     Every function may be called on any thread, several at a time, also on one socket. Only `release` is alone.
 *   Strings     End with a NUL, and are UTF-8. None is longer than 255 bytes.
 *   Memory      Whoever made it frees it. What the host passes is valid for the length of the call.
 *   NULL        A function that a family does not have may be NULL where that is said below; the host then answers as is
 *               said there.
 */
#ifndef IRSOCK_PLUGIN_H
#define IRSOCK_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of these layouts. */
#define IRSOCK_PLUGIN_VERSION 1u

/* The name of the function that a plug-in exports. */
#define IRSOCK_PLUGIN_ENTRY "irsock_plugin"

/* Answers that are no error codes. */
enum {
    /* make_socket: not here and not now; `reason` says why, and the next backend of the family is asked. */
    IRSOCK_DECLINED = -1
};

/* How far a connect has come. */
enum {
    /* It is done. */
    IRSOCK_CONNECTED = 0,
    /* It goes on; the descriptor turns writable when it ends, and finish_connect says how. */
    IRSOCK_PENDING = 1,
    /* The address was zero: the datagram socket has no peer any more. */
    IRSOCK_DISSOLVED = 2
};

/* More about an error. The texts make one line: "cannot OPERATION: REASON (WSAECONNREFUSED 10061). ADVICE" */
typedef struct irsock_error {
    uint32_t size;
    /* The Linux errno behind it; 0 if there is none. */
    int32_t linux_errno;
    /* What was attempted, as a verb with its object: "connect to 127.0.0.1:27015". Empty: the host says it. */
    char operation[256];
    /* What happened, as a clause. Empty: the meaning of the code. */
    char reason[256];
    /* What the reader can do, as a sentence; or empty. */
    char advice[256];
} irsock_error;

/* One kind of socket that a backend makes. Each must differ from the others in type or protocol. */
typedef struct irsock_catalogue_entry {
    uint32_t size;
    /* SOCK_STREAM 1, SOCK_DGRAM 2, ... */
    int32_t type;
    /* The protocol that this type stands for when a program asks for protocol 0. */
    int32_t protocol;
    /* The least and the most bytes of a `sockaddr`; 2 to IRSOCK_ADDRESS_LENGTH. A shorter address never arrives. */
    uint32_t minimum_address_length;
    uint32_t maximum_address_length;
    /* The XP1 bits of WSAPROTOCOL_INFO: connectionless 0x1, guaranteed delivery 0x2, guaranteed order 0x4, message-oriented
     * 0x8, graceful close 0x20 (one direction can be ended alone), expedited data 0x40, broadcast 0x200, ... */
    uint32_t services;
    /* The name of the transport: "TCP/IP". */
    const char *transport;
} irsock_catalogue_entry;

/* No address is longer. */
#define IRSOCK_ADDRESS_LENGTH 256u

/* A place for an address that a function answers. */
typedef struct irsock_address {
    uint32_t size;
    /* How many of the bytes are the address. */
    uint32_t length;
    uint8_t bytes[IRSOCK_ADDRESS_LENGTH];
} irsock_address;

/* A socket that a function has made. */
typedef struct irsock_new_socket {
    uint32_t size;
    /* Which entry of the backend's catalogue it is, from 0. */
    uint32_t catalogue_index;
    /* The descriptor to poll. It belongs to the plug-in, which closes it in `release` and not before. */
    int32_t descriptor;
    int32_t reserved;
    /* What the functions below are given. Not NULL. */
    void *socket;
} irsock_new_socket;

/* What was received. */
typedef struct irsock_received {
    uint32_t size;
    /* 1 if a datagram was longer than the buffer; the rest of it is lost. */
    uint32_t is_truncated;
    /* The bytes that were put in the buffer; 0 is the end of a stream. */
    uint64_t count;
    /* Who sent the datagram; length 0 where the family does not tell. */
    irsock_address source;
} irsock_received;

/*
 * The functions of a socket. The host has already checked the states that are common to all families (listening,
 * connecting, connected) and the least length of addresses.
 */
typedef struct irsock_socket_functions {
    uint32_t size;
    uint32_t reserved;

    /* Gives the socket a local address. NULL: WSAEOPNOTSUPP. */
    int32_t (*bind)(void *socket, const uint8_t *address, size_t length, irsock_error *error);
    /* Starts to take connections. NULL: WSAEOPNOTSUPP. */
    int32_t (*listen)(void *socket, int32_t backlog, irsock_error *error);
    /* Takes a waiting connection, WSAEWOULDBLOCK if none waits. NULL: WSAEOPNOTSUPP. */
    int32_t (*accept)(void *socket, irsock_new_socket *accepted, irsock_address *peer, irsock_error *error);
    /* Starts a connection, or sets a datagram socket's peer; `progress` is one of IRSOCK_CONNECTED, ... May be called again after
     * a failure, and then starts afresh. Required. */
    int32_t (*connect)(
        void *socket, const uint8_t *address, size_t length, int32_t *progress, irsock_error *error);
    /* Says how a pending connect ended; WSAEWOULDBLOCK if it is not over. May be called again. Required. */
    int32_t (*finish_connect)(void *socket, irsock_error *error);
    /* Sends what there is room for. `flags` are MSG_OOB 1, MSG_PEEK 2, MSG_DONTROUTE 4. Required. */
    int32_t (*send)(
        void *socket, const void *bytes, size_t count, int32_t flags, uint64_t *sent, irsock_error *error);
    /* Sends one datagram to an address. NULL: WSAEOPNOTSUPP. */
    int32_t (*send_to)(
        void *socket, const void *bytes, size_t count, int32_t flags, const uint8_t *address, size_t length,
        uint64_t *sent, irsock_error *error);
    /* Receives what is there, and says where a datagram came from. Required. */
    int32_t (*receive)(
        void *socket, void *buffer, size_t capacity, int32_t flags, irsock_received *received, irsock_error *error);
    /* Ends a direction: SD_RECEIVE 0, SD_SEND 1, SD_BOTH 2. NULL: WSAEOPNOTSUPP. */
    int32_t (*shutdown)(void *socket, int32_t direction, irsock_error *error);
    /* The local address, WSAEINVAL (10022) while the socket is not bound. NULL: WSAEOPNOTSUPP. */
    int32_t (*local_address)(void *socket, irsock_address *address, irsock_error *error);
    /* The peer's address, WSAENOTCONN (10057) without one. NULL: WSAEOPNOTSUPP. */
    int32_t (*peer_address)(void *socket, irsock_address *address, irsock_error *error);
    /* Reads an option. The buffer comes as the caller's memory holds it, some options read it; `length` is its room, and then the
     * length of the value. NULL: WSAENOPROTOOPT. */
    int32_t (*get_option)(
        void *socket, int32_t level, int32_t name, uint8_t *value, size_t *length, irsock_error *error);
    /* Sets an option. NULL: WSAENOPROTOOPT. */
    int32_t (*set_option)(
        void *socket, int32_t level, int32_t name, const uint8_t *value, size_t length, irsock_error *error);
    /* Ends everything; other threads may be inside other functions, and their calls end soon. The descriptor stays open.
     * NULL: release does all of it. */
    void (*close)(void *socket);
    /* The last call: nobody uses the socket any more. Closes the descriptor and frees the socket. Required. */
    void (*release)(void *socket);
} irsock_socket_functions;

/* One way to reach the sockets of one address family. */
typedef struct irsock_backend {
    uint32_t size;
    /* The Winsock number of the family: AF_UNIX 1, AF_BTH 32, ... Not 0. */
    uint16_t family;
    uint16_t reserved;
    /* A name that no other backend has: "bluetooth". */
    const char *name;
    /* What people call the family on a command line. */
    const char *family_name;
    /* What the functions below are given; may be NULL. */
    void *context;
    /* The kinds of sockets, at least one and at most IRSOCK_CATALOGUE_LENGTH. */
    const irsock_catalogue_entry *const *catalogue;
    uint32_t catalogue_count;
    uint32_t reserved2;
    /* The GUID in the list of WSAEnumProtocols, as it lies in memory; all zero: derived from the name. */
    uint8_t provider_id[16];
    const irsock_socket_functions *socket_functions;

    /* Whether sockets can be had now, for tables: 0, or else `error->reason` says why not. NULL: they can. */
    int32_t (*availability)(void *context, irsock_error *error);
    /* Makes a socket, declines, or fails: WSAEPROTONOSUPPORT, WSAESOCKTNOSUPPORT, WSAEMFILE, ... Required. */
    int32_t (*make_socket)(
        void *context, int32_t type, int32_t protocol, irsock_new_socket *made, irsock_error *error);
    /* Turns what a person wrote into an address; WSAEINVAL (10022) if it cannot be one. Required. */
    int32_t (*resolve)(void *context, const char *text, irsock_address *address, irsock_error *error);
    /* Prints an address in the form that resolve reads, for any bytes, with a NUL at the end; at most `capacity` bytes. Required. */
    int32_t (*describe)(
        void *context, const uint8_t *address, size_t length, char *text, size_t capacity, irsock_error *error);
} irsock_backend;

#define IRSOCK_CATALOGUE_LENGTH 64u
#define IRSOCK_BACKENDS_LENGTH 64u

/* Set if the library must stay in memory once it is loaded, as code in Swift must. */
#define IRSOCK_PLUGIN_STAYS 0x1u

/* What a plug-in brings. */
typedef struct irsock_plugin_table {
    uint32_t size;
    /* IRSOCK_PLUGIN_VERSION. */
    uint32_t version;
    /* IRSOCK_PLUGIN_STAYS, or 0. */
    uint32_t flags;
    /* At least one, at most IRSOCK_BACKENDS_LENGTH. */
    uint32_t backend_count;
    const irsock_backend *const *backends;
} irsock_plugin_table;

/*
 * The function that a plug-in exports under the name `irsock_plugin`. It must be quick, and start nothing: it is called once in
 * a process of its own, to see whether it crashes, and then in the program.
 *
 * `host_version` is the host's IRSOCK_PLUGIN_VERSION. NULL: the plug-in cannot work with that host, or not at all.
 */
typedef const irsock_plugin_table *irsock_plugin_entry(uint32_t host_version);

#ifdef __cplusplus
}
#endif

#endif
