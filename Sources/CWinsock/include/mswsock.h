/* Microsoft's extensions of Winsock 2: ConnectEx, and the options that go with it. */
#ifndef IRSOCK_MSWSOCK_H
#define IRSOCK_MSWSOCK_H

#include "winsock2.h"

#define SO_OPENTYPE 0x7008
#define SO_UPDATE_ACCEPT_CONTEXT 0x700B
#define SO_CONNECT_TIME 0x700C
#define SO_UPDATE_CONNECT_CONTEXT 0x7010

typedef BOOL (*LPFN_CONNECTEX)(
    SOCKET socket, const struct sockaddr *name, int length, PVOID buffer, DWORD bufferLength, LPDWORD sent,
    LPOVERLAPPED overlapped);
/* Ask for it by WSAIoctl with SIO_GET_EXTENSION_FUNCTION_POINTER. */
#define WSAID_CONNECTEX \
    {0x25a207b9, 0xddf3, 0x4660, {0x8e, 0xe9, 0x76, 0xe5, 0x8c, 0x74, 0x06, 0x3e}}

#endif
