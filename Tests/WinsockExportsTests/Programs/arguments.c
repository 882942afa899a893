/* Wrong arguments have codes; none ends the program. */
#include <sys/mman.h>
#include <winsock2.h>
#include <ws2tcpip.h>
#include "peers.h"

int main(void) {
    struct sockaddr_in address = loopback(9);
    /* Two pages, of which the second is taken away: what begins in the first and ends in the second cannot be read. */
    char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(pages + 4096, 4096);
    struct sockaddr *broken = (struct sockaddr *)(pages + 4096 - 4), *gone = (struct sockaddr *)(pages + 4096);

    EXPECT_ERROR(WSANOTINITIALISED, connect(0, NULL, 0));
    EXPECT(socket(AF_INET, SOCK_STREAM, 0) == INVALID_SOCKET && WSAGetLastError() == WSANOTINITIALISED);
    WSASetLastError(5);
    EXPECT(WSAStartup(MAKEWORD(0, 3), NULL) == WSAVERNOTSUPPORTED && WSAGetLastError() == 5);
    EXPECT(WSAStartup(MAKEWORD(2, 2), NULL) == WSAEFAULT);
    EXPECT(WSAStartup(MAKEWORD(2, 2), (LPWSADATA)broken) == WSAEFAULT);
    EXPECT_ERROR(WSANOTINITIALISED, WSACleanup());
    start_up();

    EXPECT(socket(0, 0, 0) == INVALID_SOCKET && WSAGetLastError() == WSAEINVAL);
    EXPECT(socket(99, SOCK_STREAM, 0) == INVALID_SOCKET && WSAGetLastError() == WSAEAFNOSUPPORT);
    EXPECT(socket(-1, SOCK_STREAM, 0) == INVALID_SOCKET && WSAGetLastError() == WSAEAFNOSUPPORT);
    EXPECT(socket(AF_INET, SOCK_STREAM, IPPROTO_UDP) == INVALID_SOCKET && WSAGetLastError() == WSAEPROTOTYPE);
    EXPECT(WSASocket(AF_INET, SOCK_STREAM, 0, NULL, 7, 0) == INVALID_SOCKET && WSAGetLastError() == WSAEINVAL);

    EXPECT_ERROR(WSAENOTSOCK, connect(INVALID_SOCKET, NULL, 0));
    EXPECT_ERROR(WSAENOTSOCK, connect(1, (struct sockaddr *)&address, sizeof address));
    SOCKET client = WSASocket(AF_INET, SOCK_STREAM, 0, NULL, 0, WSA_FLAG_OVERLAPPED);
    EXPECT_ERROR(WSAEFAULT, connect(client, NULL, sizeof address));
    EXPECT_ERROR(WSAEFAULT, connect(client, NULL, 0));
    EXPECT_ERROR(WSAEFAULT, connect(client, broken, sizeof address));
    EXPECT_ERROR(WSAEFAULT, connect(client, gone, sizeof address));
    for (int length = -1; length < (int)sizeof address; length++)
        EXPECT_ERROR(WSAEFAULT, connect(client, (struct sockaddr *)&address, length));
    address.sin_family = AF_INET6;
    EXPECT_ERROR(WSAEAFNOSUPPORT, connect(client, (struct sockaddr *)&address, sizeof address));
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = INADDR_ANY;
    EXPECT_ERROR(WSAEADDRNOTAVAIL, connect(client, (struct sockaddr *)&address, sizeof address));
    address = loopback(0);
    EXPECT_ERROR(WSAEADDRNOTAVAIL, connect(client, (struct sockaddr *)&address, sizeof address));

    EXPECT_ERROR(WSAEFAULT, bind(client, NULL, 16));
    int length = sizeof address;
    EXPECT_ERROR(WSAEINVAL, getsockname(client, (struct sockaddr *)&address, &length));
    EXPECT(bind(client, (struct sockaddr *)&address, sizeof address) == 0);
    EXPECT_ERROR(WSAEFAULT, getsockname(client, NULL, &length));
    EXPECT_ERROR(WSAEFAULT, getsockname(client, (struct sockaddr *)&address, NULL));
    EXPECT_ERROR(WSAEFAULT, getsockname(client, gone, &length));
    length = 15;
    EXPECT_ERROR(WSAEFAULT, getsockname(client, (struct sockaddr *)&address, &length));
    EXPECT(length == 15);
    EXPECT_ERROR(WSAENOTCONN, getpeername(client, (struct sockaddr *)&address, &length));

    int value = 0;
    length = sizeof value;
    EXPECT_ERROR(WSAEFAULT, getsockopt(client, SOL_SOCKET, SO_TYPE, NULL, &length));
    EXPECT_ERROR(WSAEFAULT, getsockopt(client, SOL_SOCKET, SO_TYPE, (char *)&value, NULL));
    EXPECT_ERROR(WSAENOPROTOOPT, getsockopt(client, SOL_SOCKET, 0x7777, (char *)&value, &length));
    EXPECT_ERROR(WSAEFAULT, setsockopt(client, SOL_SOCKET, SO_KEEPALIVE, (char *)gone, 4));
    EXPECT_ERROR(WSAEFAULT, setsockopt(client, SOL_SOCKET, SO_KEEPALIVE, (char *)&value, -4));
    EXPECT(getsockopt(client, SOL_SOCKET, SO_TYPE, (char *)&value, &length) == 0 && value == SOCK_STREAM);
    EXPECT_ERROR(WSAEFAULT, ioctlsocket(client, FIONBIO, NULL));
    EXPECT_ERROR(WSAEINVAL, ioctlsocket(client, 0x1234, (u_long *)&value));

    EXPECT(WSASetEvent(NULL) == FALSE && WSAGetLastError() == WSA_INVALID_HANDLE);
    EXPECT(WSAWaitForMultipleEvents(0, NULL, FALSE, 0, FALSE) == WSA_WAIT_FAILED && WSAGetLastError() == WSA_INVALID_PARAMETER);
    EXPECT_ERROR(WSAEINVAL, WSAEventSelect(client, (WSAEVENT)77, FD_CONNECT));
    EXPECT_ERROR(WSAEINVAL, WSAAsyncSelect(client, (HWND)77, 1, FD_CONNECT));
    EXPECT_ERROR(WSAEFAULT, WSAEnumNetworkEvents(client, NULL, (LPWSANETWORKEVENTS)gone));
    EXPECT_ERROR(WSAEFAULT, select(0, (fd_set *)gone, NULL, NULL, NULL));
    EXPECT_ERROR(WSAEFAULT, WSAPoll((LPWSAPOLLFD)gone, 1, 0));
    struct timeval negative = {-1, 0};
    fd_set set;
    FD_ZERO(&set);
    FD_SET(client, &set);
    EXPECT_ERROR(WSAEINVAL, select(0, &set, NULL, NULL, &negative));

    SOCKET peer = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in here = loopback(0);
    EXPECT(bind(peer, (struct sockaddr *)&here, sizeof here) == 0);
    here = name_of(peer);
    EXPECT_ERROR(WSAEFAULT, sendto(peer, (char *)gone, 3, 0, (struct sockaddr *)&here, sizeof here));
    EXPECT(sendto(peer, "abc", 3, 0, (struct sockaddr *)&here, sizeof here) == 3);
    EXPECT_ERROR(WSAEFAULT, recvfrom(peer, (char *)gone, 3, 0, NULL, NULL));
    char two[2];
    length = sizeof here;
    EXPECT_ERROR(WSAEMSGSIZE, recvfrom(peer, two, 2, 0, (struct sockaddr *)&here, &length));
    EXPECT(memcmp(two, "ab", 2) == 0);
    EXPECT(WSACleanup() == 0);
    return outcome();
}
