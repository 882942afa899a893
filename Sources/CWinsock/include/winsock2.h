/* Winsock 2 on Linux, for C and C++ programs that were written for Windows. Link with libws2_32 (rule R46).

   Include this before or after the C library's headers, but not together with <sys/socket.h>, <netinet/in.h>, <arpa/inet.h> or <netdb.h>:
   they declare the same names for Linux's sockets. */
#ifndef IRSOCK_WINSOCK2_H
#define IRSOCK_WINSOCK2_H
/* winsock.h declares nothing that is not here. */
#define _WINSOCKAPI_
#define _WINSOCK2API_

#ifdef _SYS_SOCKET_H
#error "<sys/socket.h> declares Linux's sockets; a source file can have those or Winsock's, not both."
#endif

/* A program may set the size of its sets before it includes this; glibc's constant of that name is about something else. */
#if defined(FD_SETSIZE) && !defined(_SYS_SELECT_H)
enum { IRSOCK_FD_SETSIZE = FD_SETSIZE };
#undef FD_SETSIZE
#else
enum { IRSOCK_FD_SETSIZE = 64 };
#endif

#include "irsock/layouts.h"
#include "irsock/windef.h"

#define WINSOCK_VERSION MAKEWORD(2, 2)

/* ---- Sockets ---- */

#define INVALID_SOCKET ((SOCKET) ~(UINT_PTR)0)
#define SOCKET_ERROR (-1)

#define AF_UNSPEC 0
#define AF_UNIX 1
#define AF_INET 2
#define AF_NETBIOS 17
#define AF_INET6 23
#define AF_IRDA 26
#define AF_BTH 32
#define AF_HYPERV 34
#define AF_MAX 35
#define PF_UNSPEC AF_UNSPEC
#define PF_UNIX AF_UNIX
#define PF_INET AF_INET
#define PF_INET6 AF_INET6
#define PF_IRDA AF_IRDA
#define PF_BTH AF_BTH

#define SOCK_STREAM 1
#define SOCK_DGRAM 2
#define SOCK_RAW 3
#define SOCK_RDM 4
#define SOCK_SEQPACKET 5

#define IPPROTO_IP 0
#define IPPROTO_ICMP 1
#define IPPROTO_TCP 6
#define IPPROTO_UDP 17
#define IPPROTO_IPV6 41
#define IPPROTO_ICMPV6 58
#define IPPROTO_RAW 255
#define IPPORT_RESERVED 1024

/* ---- Addresses ---- */

typedef struct sockaddr {
    u_short sa_family;
    CHAR sa_data[14];
} SOCKADDR, *PSOCKADDR, *LPSOCKADDR;

typedef struct in_addr {
    union {
        struct {
            UCHAR s_b1, s_b2, s_b3, s_b4;
        } S_un_b;
        struct {
            USHORT s_w1, s_w2;
        } S_un_w;
        ULONG S_addr;
    } S_un;
} IN_ADDR, *PIN_ADDR, *LPIN_ADDR;
#define s_addr S_un.S_addr
#define s_host S_un.S_un_b.s_b2
#define s_net S_un.S_un_b.s_b1
#define s_imp S_un.S_un_w.s_w2
#define s_impno S_un.S_un_b.s_b4
#define s_lh S_un.S_un_b.s_b3

typedef struct sockaddr_in {
    u_short sin_family;
    USHORT sin_port;
    IN_ADDR sin_addr;
    CHAR sin_zero[8];
} SOCKADDR_IN, *PSOCKADDR_IN, *LPSOCKADDR_IN;

typedef struct sockaddr_storage {
    u_short ss_family;
    CHAR __ss_pad1[6];
    int64_t __ss_align;
    CHAR __ss_pad2[112];
} SOCKADDR_STORAGE, *PSOCKADDR_STORAGE, *LPSOCKADDR_STORAGE;

#define INADDR_ANY ((ULONG)0x00000000)
#define INADDR_LOOPBACK 0x7f000001
#define INADDR_BROADCAST ((ULONG)0xffffffff)
#define INADDR_NONE 0xffffffff
#define ADDR_ANY INADDR_ANY

/* ---- Options, with Windows' numbers ---- */

#define SOL_SOCKET 0xffff
#define SO_DEBUG 0x0001
#define SO_ACCEPTCONN 0x0002
#define SO_REUSEADDR 0x0004
#define SO_KEEPALIVE 0x0008
#define SO_DONTROUTE 0x0010
#define SO_BROADCAST 0x0020
#define SO_USELOOPBACK 0x0040
#define SO_LINGER 0x0080
#define SO_OOBINLINE 0x0100
#define SO_DONTLINGER ((int)(~SO_LINGER))
#define SO_EXCLUSIVEADDRUSE ((int)(~SO_REUSEADDR))
#define SO_SNDBUF 0x1001
#define SO_RCVBUF 0x1002
#define SO_SNDLOWAT 0x1003
#define SO_RCVLOWAT 0x1004
#define SO_SNDTIMEO 0x1005
#define SO_RCVTIMEO 0x1006
#define SO_ERROR 0x1007
#define SO_TYPE 0x1008
#define SO_GROUP_ID 0x2001
#define SO_GROUP_PRIORITY 0x2002
#define SO_MAX_MSG_SIZE 0x2003
#define SO_PROTOCOL_INFOA 0x2004
#define SO_PROTOCOL_INFOW 0x2005
#define SO_PROTOCOL_INFO IRSOCK_AW(SO_PROTOCOL_INFO)
#define SO_CONDITIONAL_ACCEPT 0x3002
#define TCP_NODELAY 0x0001

struct linger {
    u_short l_onoff;
    u_short l_linger;
};
typedef struct linger LINGER, *PLINGER, *LPLINGER;
typedef struct timeval TIMEVAL, *PTIMEVAL, *LPTIMEVAL;

#define IOCPARM_MASK 0x7f
#define IOC_VOID 0x20000000
#define IOC_OUT 0x40000000
#define IOC_IN 0x80000000
#define IOC_INOUT (IOC_IN | IOC_OUT)
#define IOC_WS2 0x08000000
#define _WSAIO(x, y) (IOC_VOID | (x) | (y))
#define _WSAIOR(x, y) (IOC_OUT | (x) | (y))
#define _WSAIOW(x, y) (IOC_IN | (x) | (y))
#define _WSAIORW(x, y) (IOC_INOUT | (x) | (y))
/* glibc's sys/ioctl.h has these for ioctl; a file that calls ioctlsocket wants ours. */
#undef FIONREAD
#undef FIONBIO
#undef SIOCATMARK
#define FIONREAD 0x4004667f
#define FIONBIO 0x8004667e
#define SIOCATMARK 0x40047307
#define SIO_GET_EXTENSION_FUNCTION_POINTER _WSAIORW(IOC_WS2, 6)

#define MSG_OOB 0x1
#define MSG_PEEK 0x2
#define MSG_DONTROUTE 0x4
#define MSG_WAITALL 0x8
#define MSG_PARTIAL 0x8000
#define MSG_MAXIOVLEN 16
#define SOMAXCONN 0x7fffffff
#define SOMAXCONN_HINT(b) (-(b))
#define SD_RECEIVE 0x00
#define SD_SEND 0x01
#define SD_BOTH 0x02

/* ---- select, with sets of Windows' kind ---- */

#undef FD_SET
#undef FD_CLR
#undef FD_ISSET
#undef FD_ZERO
#undef FD_SETSIZE
#define FD_SETSIZE IRSOCK_FD_SETSIZE

typedef struct ws_fd_set {
    u_int fd_count;
    SOCKET fd_array[FD_SETSIZE];
} ws_fd_set;
#define fd_set ws_fd_set
typedef struct ws_fd_set FD_SET, *PFD_SET, *LPFD_SET;

#define FD_ZERO(set) (((struct ws_fd_set *)(set))->fd_count = 0)
#define FD_SET(socket, set) irsock_fd_set_add((socket), (struct ws_fd_set *)(set))
#define FD_CLR(socket, set) irsock_fd_set_remove((socket), (struct ws_fd_set *)(set))
#define FD_ISSET(socket, set) __WSAFDIsSet((SOCKET)(socket), (struct ws_fd_set *)(set))

static inline int __WSAFDIsSet(SOCKET socket, struct ws_fd_set *set) {
    for (u_int i = 0; i < set->fd_count; i++)
        if (set->fd_array[i] == socket) return 1;
    return 0;
}

static inline void irsock_fd_set_add(SOCKET socket, struct ws_fd_set *set) {
    /* Silent when the set is full, as on Windows. */
    if (!__WSAFDIsSet(socket, set) && set->fd_count < FD_SETSIZE) set->fd_array[set->fd_count++] = socket;
}

static inline void irsock_fd_set_remove(SOCKET socket, struct ws_fd_set *set) {
    for (u_int i = 0; i < set->fd_count; i++) {
        if (set->fd_array[i] != socket) continue;
        for (; i + 1 < set->fd_count; i++) set->fd_array[i] = set->fd_array[i + 1];
        set->fd_count--;
        return;
    }
}

/* ---- WSAPoll, with Windows' numbers ---- */

#undef POLLIN
#undef POLLPRI
#undef POLLOUT
#undef POLLERR
#undef POLLHUP
#undef POLLNVAL
#undef POLLRDNORM
#undef POLLRDBAND
#undef POLLWRNORM
#undef POLLWRBAND
#define POLLRDNORM 0x0100
#define POLLRDBAND 0x0200
#define POLLIN (POLLRDNORM | POLLRDBAND)
#define POLLPRI 0x0400
#define POLLWRNORM 0x0010
#define POLLOUT (POLLWRNORM)
#define POLLWRBAND 0x0020
#define POLLERR 0x0001
#define POLLHUP 0x0002
#define POLLNVAL 0x0004
/* ---- Events ---- */

#define FD_READ_BIT 0
#define FD_READ (1 << FD_READ_BIT)
#define FD_WRITE_BIT 1
#define FD_WRITE (1 << FD_WRITE_BIT)
#define FD_OOB_BIT 2
#define FD_OOB (1 << FD_OOB_BIT)
#define FD_ACCEPT_BIT 3
#define FD_ACCEPT (1 << FD_ACCEPT_BIT)
#define FD_CONNECT_BIT 4
#define FD_CONNECT (1 << FD_CONNECT_BIT)
#define FD_CLOSE_BIT 5
#define FD_CLOSE (1 << FD_CLOSE_BIT)
#define FD_QOS_BIT 6
#define FD_QOS (1 << FD_QOS_BIT)
#define FD_GROUP_QOS_BIT 7
#define FD_GROUP_QOS (1 << FD_GROUP_QOS_BIT)
#define FD_ROUTING_INTERFACE_CHANGE_BIT 8
#define FD_ROUTING_INTERFACE_CHANGE (1 << FD_ROUTING_INTERFACE_CHANGE_BIT)
#define FD_ADDRESS_LIST_CHANGE_BIT 9
#define FD_ADDRESS_LIST_CHANGE (1 << FD_ADDRESS_LIST_CHANGE_BIT)
#define FD_ALL_EVENTS ((1 << FD_MAX_EVENTS) - 1)

#define WSAEVENT HANDLE
#define LPWSAEVENT LPHANDLE
#define WSA_INVALID_EVENT ((WSAEVENT)NULL)
#define WSA_MAXIMUM_WAIT_EVENTS 64
#define WSA_WAIT_FAILED ((DWORD)0xFFFFFFFF)
#define WSA_WAIT_EVENT_0 ((DWORD)0)
#define WSA_WAIT_IO_COMPLETION ((DWORD)0xC0)
#define WSA_WAIT_TIMEOUT ((DWORD)258)
#define WSA_INFINITE ((DWORD)0xFFFFFFFF)

#define WSAMAKESELECTREPLY(event, error) MAKELONG(event, error)
#define WSAGETSELECTEVENT(lParam) LOWORD(lParam)
#define WSAGETSELECTERROR(lParam) HIWORD(lParam)

#define WSAOVERLAPPED OVERLAPPED
#define LPWSAOVERLAPPED LPOVERLAPPED
#define HasOverlappedIoCompleted(overlapped) \
    (__atomic_load_n(&(overlapped)->Internal, __ATOMIC_ACQUIRE) != STATUS_PENDING)

/* ---- What WSAConnect and the overlapped calls take ---- */

typedef ULONG SERVICETYPE;
typedef struct _flowspec {
    ULONG TokenRate, TokenBucketSize, PeakBandwidth, Latency, DelayVariation;
    SERVICETYPE ServiceType;
    ULONG MaxSduSize, MinimumPolicedSize;
} FLOWSPEC, *PFLOWSPEC, *LPFLOWSPEC;
typedef struct _QualityOfService {
    FLOWSPEC SendingFlowspec;
    FLOWSPEC ReceivingFlowspec;
    WSABUF ProviderSpecific;
} QOS, *LPQOS;

typedef unsigned int GROUP;
#define WSA_FLAG_OVERLAPPED 0x01
#define WSA_FLAG_NO_HANDLE_INHERIT 0x80

typedef void (*LPWSAOVERLAPPED_COMPLETION_ROUTINE)(DWORD error, DWORD transferred, LPWSAOVERLAPPED overlapped, DWORD flags);

/* ---- The catalogue ---- */

typedef IRSOCK_AW(WSAPROTOCOL_INFO) WSAPROTOCOL_INFO, *LPWSAPROTOCOL_INFO;

#define PFL_MULTIPLE_PROTO_ENTRIES 0x00000001
#define PFL_RECOMMENDED_PROTO_ENTRY 0x00000002
#define PFL_HIDDEN 0x00000004
#define PFL_MATCHES_PROTOCOL_ZERO 0x00000008
#define XP1_CONNECTIONLESS 0x00000001
#define XP1_GUARANTEED_DELIVERY 0x00000002
#define XP1_GUARANTEED_ORDER 0x00000004
#define XP1_MESSAGE_ORIENTED 0x00000008
#define XP1_PSEUDO_STREAM 0x00000010
#define XP1_GRACEFUL_CLOSE 0x00000020
#define XP1_EXPEDITED_DATA 0x00000040
#define XP1_CONNECT_DATA 0x00000080
#define XP1_DISCONNECT_DATA 0x00000100
#define XP1_SUPPORT_BROADCAST 0x00000200
#define XP1_SUPPORT_MULTIPOINT 0x00000400
#define XP1_QOS_SUPPORTED 0x00002000
#define XP1_UNI_SEND 0x00008000
#define XP1_UNI_RECV 0x00010000
#define XP1_IFS_HANDLES 0x00020000
#define XP1_PARTIAL_MESSAGE 0x00040000
#define BIGENDIAN 0x0000
#define LITTLEENDIAN 0x0001
#define SECURITY_PROTOCOL_NONE 0x0000

/* ---- Names ---- */

struct hostent {
    char *h_name;
    char **h_aliases;
    short h_addrtype;
    short h_length;
    char **h_addr_list;
};
#define h_addr h_addr_list[0]
typedef struct hostent HOSTENT, *PHOSTENT, *LPHOSTENT;

#include "irsock/errors.h"

/* ---- Functions ---- */

IRSOCK_EXTERN_C_BEGIN

int WSAStartup(WORD version, LPWSADATA data);
int WSACleanup(void);
int WSAGetLastError(void);
void WSASetLastError(int code);
BOOL WSAIsBlocking(void);
int WSACancelBlockingCall(void);

SOCKET socket(int family, int type, int protocol) IRSOCK_SYMBOL(socket);
SOCKET WSASocketA(int family, int type, int protocol, LPWSAPROTOCOL_INFOA info, GROUP group, DWORD flags);
SOCKET WSASocketW(int family, int type, int protocol, LPWSAPROTOCOL_INFOW info, GROUP group, DWORD flags);
#define WSASocket IRSOCK_AW(WSASocket)
int closesocket(SOCKET socket);
int bind(SOCKET socket, const struct sockaddr *name, int length) IRSOCK_SYMBOL(bind);
int listen(SOCKET socket, int backlog) IRSOCK_SYMBOL(listen);
SOCKET accept(SOCKET socket, struct sockaddr *name, int *length) IRSOCK_SYMBOL(accept);
int connect(SOCKET socket, const struct sockaddr *name, int length) IRSOCK_SYMBOL(connect);
int WSAConnect(
    SOCKET socket, const struct sockaddr *name, int length, LPWSABUF callerData, LPWSABUF calleeData, LPQOS socketQuality,
    LPQOS groupQuality);
int shutdown(SOCKET socket, int how) IRSOCK_SYMBOL(shutdown);

int send(SOCKET socket, const char *buffer, int length, int flags) IRSOCK_SYMBOL(send);
int sendto(SOCKET socket, const char *buffer, int length, int flags, const struct sockaddr *to, int toLength)
    IRSOCK_SYMBOL(sendto);
int recv(SOCKET socket, char *buffer, int length, int flags) IRSOCK_SYMBOL(recv);
int recvfrom(SOCKET socket, char *buffer, int length, int flags, struct sockaddr *from, int *fromLength)
    IRSOCK_SYMBOL(recvfrom);
/* Without an OVERLAPPED only: overlapped transfers are WSAEOPNOTSUPP. */
int WSASend(
    SOCKET socket, LPWSABUF buffers, DWORD count, LPDWORD sent, DWORD flags, LPWSAOVERLAPPED overlapped,
    LPWSAOVERLAPPED_COMPLETION_ROUTINE routine);
int WSARecv(
    SOCKET socket, LPWSABUF buffers, DWORD count, LPDWORD received, LPDWORD flags, LPWSAOVERLAPPED overlapped,
    LPWSAOVERLAPPED_COMPLETION_ROUTINE routine);

int getsockname(SOCKET socket, struct sockaddr *name, int *length) IRSOCK_SYMBOL(getsockname);
int getpeername(SOCKET socket, struct sockaddr *name, int *length) IRSOCK_SYMBOL(getpeername);
int getsockopt(SOCKET socket, int level, int option, char *value, int *length) IRSOCK_SYMBOL(getsockopt);
int setsockopt(SOCKET socket, int level, int option, const char *value, int length) IRSOCK_SYMBOL(setsockopt);
/* 32-bit commands are often written as signed numbers. */
int ioctlsocket(SOCKET socket, LONG command, u_long *argument);
int WSAIoctl(
    SOCKET socket, DWORD command, LPVOID input, DWORD inputLength, LPVOID output, DWORD outputLength, LPDWORD returned,
    LPWSAOVERLAPPED overlapped, LPWSAOVERLAPPED_COMPLETION_ROUTINE routine);

int ws_select(
    int ignored, struct ws_fd_set *read, struct ws_fd_set *write, struct ws_fd_set *except, const struct timeval *timeout);
#define select ws_select
int WSAPoll(LPWSAPOLLFD sockets, ULONG count, INT timeout);

WSAEVENT WSACreateEvent(void);
BOOL WSACloseEvent(WSAEVENT event);
BOOL WSASetEvent(WSAEVENT event);
BOOL WSAResetEvent(WSAEVENT event);
DWORD WSAWaitForMultipleEvents(DWORD count, const WSAEVENT *events, BOOL waitForAll, DWORD milliseconds, BOOL alertable);
int WSAEventSelect(SOCKET socket, WSAEVENT event, LONG networkEvents);
int WSAEnumNetworkEvents(SOCKET socket, WSAEVENT event, LPWSANETWORKEVENTS report);
int WSAAsyncSelect(SOCKET socket, HWND window, u_int message, LONG networkEvents);
BOOL WSAGetOverlappedResult(SOCKET socket, LPWSAOVERLAPPED overlapped, LPDWORD transferred, BOOL wait, LPDWORD flags);

int WSAEnumProtocolsA(LPINT protocols, LPWSAPROTOCOL_INFOA buffer, LPDWORD length);
int WSAEnumProtocolsW(LPINT protocols, LPWSAPROTOCOL_INFOW buffer, LPDWORD length);
#define WSAEnumProtocols IRSOCK_AW(WSAEnumProtocols)

/* Conversions that the C library has with the same meaning. */
u_short htons(u_short host);
u_short ntohs(u_short net);
ULONG htonl(ULONG host);
ULONG ntohl(ULONG net);
char *inet_ntoa(struct in_addr address);
ULONG inet_addr(const char *text) IRSOCK_SYMBOL(inet_addr);
/* Declared as unistd.h declares its own, which the macro renames where it comes later. */
int ws_gethostname(char *name, size_t length) __THROW;
#define gethostname ws_gethostname
struct hostent *gethostbyname(const char *name) IRSOCK_SYMBOL(gethostbyname);

IRSOCK_EXTERN_C_END

#endif
