/* TCP/IP's part of Winsock 2: IPv6 and the look-up of names. */
#ifndef IRSOCK_WS2TCPIP_H
#define IRSOCK_WS2TCPIP_H

#include "winsock2.h"

#define IP_OPTIONS 1
#define IP_HDRINCL 2
#define IP_TOS 3
#define IP_TTL 4
#define IP_MULTICAST_IF 9
#define IP_MULTICAST_TTL 10
#define IP_MULTICAST_LOOP 11
#define IP_ADD_MEMBERSHIP 12
#define IP_DROP_MEMBERSHIP 13
#define IPV6_UNICAST_HOPS 4
#define IPV6_MULTICAST_IF 9
#define IPV6_MULTICAST_HOPS 10
#define IPV6_MULTICAST_LOOP 11
#define IPV6_ADD_MEMBERSHIP 12
#define IPV6_DROP_MEMBERSHIP 13
#define IPV6_V6ONLY 27

typedef struct in6_addr {
    union {
        UCHAR Byte[16];
        USHORT Word[8];
    } u;
} IN6_ADDR, *PIN6_ADDR, *LPIN6_ADDR;
#define s6_addr u.Byte
#define s6_bytes u.Byte
#define s6_words u.Word

typedef struct sockaddr_in6 {
    u_short sin6_family;
    USHORT sin6_port;
    ULONG sin6_flowinfo;
    IN6_ADDR sin6_addr;
    ULONG sin6_scope_id;
} SOCKADDR_IN6, *PSOCKADDR_IN6, *LPSOCKADDR_IN6;

#define IN6ADDR_ANY_INIT {{{0}}}
#define IN6ADDR_LOOPBACK_INIT {{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}}}
#define INET_ADDRSTRLEN 22
#define INET6_ADDRSTRLEN 65

/* On Windows it is an int; glibc's, where a header has brought it in already, is not. */
#ifdef __socklen_t_defined
typedef int irsock_socklen_t;
#define socklen_t irsock_socklen_t
#else
#define __socklen_t_defined
typedef int socklen_t;
#endif

#define AI_PASSIVE 0x00000001
#define AI_CANONNAME 0x00000002
#define AI_NUMERICHOST 0x00000004
#define AI_NUMERICSERV 0x00000008
#define AI_ALL 0x00000100
#define AI_ADDRCONFIG 0x00000400
#define AI_V4MAPPED 0x00000800

#define EAI_AGAIN WSATRY_AGAIN
#define EAI_BADFLAGS WSAEINVAL
#define EAI_FAIL WSANO_RECOVERY
#define EAI_FAMILY WSAEAFNOSUPPORT
#define EAI_MEMORY WSA_NOT_ENOUGH_MEMORY
#define EAI_NONAME WSAHOST_NOT_FOUND
#define EAI_SERVICE WSATYPE_NOT_FOUND
#define EAI_SOCKTYPE WSAESOCKTNOSUPPORT
#define EAI_NODATA WSANO_DATA

#define NI_NOFQDN 0x01
#define NI_NUMERICHOST 0x02
#define NI_NAMEREQD 0x04
#define NI_NUMERICSERV 0x08
#define NI_DGRAM 0x10
#define NI_MAXHOST 1025
#define NI_MAXSERV 32

typedef struct addrinfo {
    int ai_flags;
    int ai_family;
    int ai_socktype;
    int ai_protocol;
    size_t ai_addrlen;
    char *ai_canonname;
    struct sockaddr *ai_addr;
    struct addrinfo *ai_next;
} ADDRINFOA, ADDRINFO, *PADDRINFOA, *LPADDRINFO;

IRSOCK_EXTERN_C_BEGIN

extern const struct in6_addr in6addr_any;
extern const struct in6_addr in6addr_loopback;

INT getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **result)
    IRSOCK_SYMBOL(getaddrinfo);
VOID freeaddrinfo(struct addrinfo *list) IRSOCK_SYMBOL(freeaddrinfo);
INT getnameinfo(
    const struct sockaddr *name, int length, char *host, DWORD hostLength, char *service, DWORD serviceLength, INT flags)
    IRSOCK_SYMBOL(getnameinfo);
char *gai_strerrorA(int code);
#define gai_strerror gai_strerrorA
INT inet_pton(INT family, const char *text, void *address) IRSOCK_SYMBOL(inet_pton);
const char *inet_ntop(INT family, const void *address, char *text, size_t length) IRSOCK_SYMBOL(inet_ntop);
#define InetPtonA inet_pton
#define InetNtopA inet_ntop

IRSOCK_EXTERN_C_END

static inline BOOL IN6_IS_ADDR_LOOPBACK(const IN6_ADDR *address) {
    static const UCHAR loopback[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    return memcmp(address->u.Byte, loopback, 16) == 0;
}

static inline BOOL IN6_IS_ADDR_UNSPECIFIED(const IN6_ADDR *address) {
    static const UCHAR unspecified[16] = {0};
    return memcmp(address->u.Byte, unspecified, 16) == 0;
}

#endif
