/* A stream from its connect to its end, blocking and not, as a Winsock program goes about it. */
#include <winsock2.h>
#include "peers.h"

static void blocking(void) {
    SOCKET server = listener();
    struct sockaddr_in address = name_of(server), peer;
    SOCKET client = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    EXPECT(connect(client, (struct sockaddr *)&address, sizeof address) == 0);
    EXPECT_ERROR(WSAEISCONN, connect(client, (struct sockaddr *)&address, sizeof address));
    int length = sizeof peer;
    SOCKET accepted = accept(server, (struct sockaddr *)&peer, &length);
    EXPECT(accepted != INVALID_SOCKET && length == sizeof peer);
    struct sockaddr_in own = name_of(client);
    EXPECT(peer.sin_port == own.sin_port && peer.sin_addr.s_addr == own.sin_addr.s_addr);
    EXPECT(getpeername(client, (struct sockaddr *)&peer, &length) == 0 && peer.sin_port == address.sin_port);

    EXPECT(send(client, "hello", 5, 0) == 5);
    char buffer[16] = "";
    EXPECT(recv(accepted, buffer, 5, MSG_PEEK) == 5 && memcmp(buffer, "hello", 5) == 0);
    u_long count = 0;
    EXPECT(ioctlsocket(accepted, FIONREAD, &count) == 0 && count == 5);
    EXPECT(ioctlsocket(accepted, SIOCATMARK, &count) == 0 && count == 1);
    WSABUF pieces[2] = {{2, buffer}, {14, buffer + 2}};
    DWORD received = 0, flags = 0;
    EXPECT(WSARecv(accepted, pieces, 2, &received, &flags, NULL, NULL) == 0 && received == 5);
    WSABUF words[2] = {{3, "wo"}, {3, "rld"}};
    EXPECT(WSASend(accepted, words, 2, &received, 0, NULL, NULL) == 0 && received == 6);
    EXPECT(recv(client, buffer, sizeof buffer, 0) == 6 && memcmp(buffer, "wo\0rld", 6) == 0);

    EXPECT(shutdown(client, SD_SEND) == 0);
    EXPECT(recv(accepted, buffer, sizeof buffer, 0) == 0);
    EXPECT_ERROR(WSAESHUTDOWN, send(client, "x", 1, 0));
    EXPECT_ERROR(WSAEINVAL, shutdown(client, 3));
    EXPECT(closesocket(accepted) == 0 && closesocket(client) == 0 && closesocket(server) == 0);
    EXPECT_ERROR(WSAENOTSOCK, closesocket(client));
}

static void waiting(void) {
    SOCKET server = listener();
    struct sockaddr_in address = name_of(server);
    SOCKET client = socket(AF_INET, SOCK_STREAM, 0);
    set_blocking(client, 0);
    fd_set read, write, except;
    struct timeval none = {0, 0}, minute = {60, 0};
    FD_ZERO(&write);
    FD_SET(client, &write);
    EXPECT(select(0, NULL, &write, NULL, &none) == 0 && write.fd_count == 0);
    EXPECT_ERROR(WSAEWOULDBLOCK, connect(client, (struct sockaddr *)&address, sizeof address));
    FD_ZERO(&read);
    FD_ZERO(&except);
    FD_SET(client, &read);
    FD_SET(client, &write);
    FD_SET(client, &except);
    EXPECT(select(-1, &read, &write, &except, &minute) == 1);
    EXPECT(FD_ISSET(client, &write) && read.fd_count == 0 && except.fd_count == 0);
    EXPECT(minute.tv_sec == 60 && minute.tv_usec == 0);
    EXPECT_ERROR(WSAEISCONN, connect(client, (struct sockaddr *)&address, sizeof address));
    char byte;
    EXPECT_ERROR(WSAEWOULDBLOCK, recv(client, &byte, 1, 0));
    WSAPOLLFD polled[2] = {{client, POLLRDNORM | POLLWRNORM, 0}, {(SOCKET)-1, POLLIN, -1}};
    EXPECT(WSAPoll(polled, 2, 0) == 1 && polled[0].revents == POLLWRNORM && polled[1].revents == 0);
    EXPECT_ERROR(WSAEINVAL, select(0, NULL, NULL, NULL, &none));
    closesocket(client);
    FD_SET(client, &read);
    EXPECT_ERROR(WSAENOTSOCK, select(0, &read, NULL, NULL, &none));
    EXPECT(read.fd_count == 1);
}

static void refused(void) {
    struct sockaddr_in address = nobody();
    SOCKET client = socket(AF_INET, SOCK_STREAM, 0);
    EXPECT_ERROR(WSAECONNREFUSED, connect(client, (struct sockaddr *)&address, sizeof address));
    set_blocking(client, 0);
    EXPECT_ERROR(WSAEWOULDBLOCK, connect(client, (struct sockaddr *)&address, sizeof address));
    fd_set read, write, except;
    FD_ZERO(&read);
    FD_ZERO(&write);
    FD_ZERO(&except);
    FD_SET(client, &read);
    FD_SET(client, &write);
    FD_SET(client, &except);
    EXPECT(select(0, &read, &write, &except, NULL) == 1 && FD_ISSET(client, &except));
    for (int times = 0; times < 2; times++) {
        int code = 0, length = sizeof code;
        WSASetLastError(WSAEINTR);
        EXPECT(getsockopt(client, SOL_SOCKET, SO_ERROR, (char *)&code, &length) == 0 && code == WSAECONNREFUSED);
        EXPECT(WSAGetLastError() == 0);
    }
    SOCKET server = listener();
    struct sockaddr_in good = name_of(server);
    set_blocking(client, 1);
    EXPECT(connect(client, (struct sockaddr *)&good, sizeof good) == 0);
}

int main(void) {
    start_up();
    blocking();
    waiting();
    refused();
    EXPECT(WSACleanup() == 0);
    EXPECT_ERROR(WSANOTINITIALISED, WSACleanup());
    return outcome();
}
