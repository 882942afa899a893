/* Loopback sockets for the programs. */
#ifndef PEERS_H
#define PEERS_H

#include "expect.h"

static void start_up(void) {
    WSADATA data;
    EXPECT(WSAStartup(MAKEWORD(2, 2), &data) == 0);
    EXPECT(data.wVersion == 0x0202);
}

static struct sockaddr_in loopback(u_short port) {
    struct sockaddr_in address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = inet_addr("127.0.0.1");
    address.sin_port = htons(port);
    return address;
}

static struct sockaddr_in name_of(SOCKET socket) {
    struct sockaddr_in address;
    int length = sizeof address;
    EXPECT(getsockname(socket, (struct sockaddr *)&address, &length) == 0);
    EXPECT(length == (int)sizeof address);
    return address;
}

static SOCKET listener(void) {
    SOCKET server = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    struct sockaddr_in address = loopback(0);
    EXPECT(server != INVALID_SOCKET);
    EXPECT(bind(server, (struct sockaddr *)&address, sizeof address) == 0);
    EXPECT(listen(server, SOMAXCONN) == 0);
    return server;
}

/* A port at which nobody listens: one that a socket has, and keeps from others. */
static struct sockaddr_in nobody(void) {
    SOCKET idle = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = loopback(0);
    EXPECT(bind(idle, (struct sockaddr *)&address, sizeof address) == 0);
    return name_of(idle);
}

static void set_blocking(SOCKET socket, int blocks) {
    u_long value = !blocks;
    EXPECT(ioctlsocket(socket, FIONBIO, &value) == 0);
}

#endif
