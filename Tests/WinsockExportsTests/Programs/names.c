/* Names, texts of addresses, and the catalogue. */
#include <winsock2.h>
#include <ws2tcpip.h>
#include <windows.h>
#include "peers.h"

int main(void) {
    struct addrinfo hints, *list = NULL;
    memset(&hints, 0, sizeof hints);
    EXPECT(getaddrinfo("127.0.0.1", "80", &hints, &list) == WSANOTINITIALISED);
    start_up();
    hints.ai_family = AF_INET6;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICHOST;
    EXPECT(getaddrinfo("::1", "27015", &hints, &list) == 0);
    EXPECT(list != NULL && list->ai_family == AF_INET6 && list->ai_addrlen == sizeof(struct sockaddr_in6) && list->ai_next == NULL);
    struct sockaddr_in6 *found = (struct sockaddr_in6 *)list->ai_addr;
    EXPECT(found->sin6_family == AF_INET6 && ntohs(found->sin6_port) == 27015 && IN6_IS_ADDR_LOOPBACK(&found->sin6_addr));
    char host[NI_MAXHOST], service[NI_MAXSERV];
    EXPECT(getnameinfo(list->ai_addr, (int)list->ai_addrlen, host, sizeof host, service, sizeof service, NI_NUMERICHOST | NI_NUMERICSERV) == 0);
    EXPECT(strcmp(host, "::1") == 0 && strcmp(service, "27015") == 0);
    EXPECT(getnameinfo(list->ai_addr, 10, host, sizeof host, NULL, 0, NI_NUMERICHOST) == WSAEFAULT);
    freeaddrinfo(list);
    hints.ai_family = AF_IRDA;
    EXPECT(getaddrinfo("::1", NULL, &hints, &list) == WSAEAFNOSUPPORT);
    hints.ai_family = AF_INET;
    EXPECT(getaddrinfo("not-a-number", NULL, &hints, &list) == WSAHOST_NOT_FOUND && WSAGetLastError() == WSAHOST_NOT_FOUND);
    EXPECT(strlen(gai_strerror(WSAHOST_NOT_FOUND)) > 0);
    struct hostent *entry = gethostbyname("127.0.0.1");
    EXPECT(entry != NULL && entry->h_addrtype == AF_INET && entry->h_length == 4 && entry->h_aliases[0] == NULL);
    EXPECT(((struct in_addr *)entry->h_addr)->s_addr == htonl(INADDR_LOOPBACK) && entry->h_addr_list[1] == NULL);

    struct in6_addr six;
    struct in_addr four;
    EXPECT(inet_pton(AF_INET6, "2001:db8::7", &six) == 1 && six.s6_addr[15] == 7);
    EXPECT(inet_pton(AF_INET, "1.2.3", &four) == 0);
    EXPECT(inet_pton(10, "::1", &six) == -1 && WSAGetLastError() == WSAEAFNOSUPPORT);
    EXPECT(strcmp(inet_ntop(AF_INET6, &six, host, sizeof host), "2001:db8::7") == 0);
    EXPECT(inet_ntop(AF_INET6, &six, host, 4) == NULL && WSAGetLastError() == WSA_INVALID_PARAMETER);
    EXPECT(inet_addr("127.0.0.1") == htonl(INADDR_LOOPBACK) && inet_addr("") == INADDR_NONE && inet_addr(" ") == 0);
    four.s_addr = htonl(0x0A000001);
    EXPECT(strcmp(inet_ntoa(four), "10.0.0.1") == 0);
    EXPECT(gethostname(host, sizeof host) == 0 && strlen(host) > 0);
    EXPECT_ERROR(WSAEFAULT, gethostname(host, 1));

    DWORD length = 0;
    EXPECT_ERROR(WSAENOBUFS, WSAEnumProtocols(NULL, NULL, &length));
    EXPECT(length > 0 && length % sizeof(WSAPROTOCOL_INFO) == 0);
    WSAPROTOCOL_INFO *catalogue = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, length);
    int count = WSAEnumProtocols(NULL, catalogue, &length);
    EXPECT(count == (int)(length / sizeof(WSAPROTOCOL_INFO)));
    EXPECT(catalogue[0].iAddressFamily == AF_INET && catalogue[0].iProtocol == IPPROTO_TCP && catalogue[0].iMinSockAddr == 16);
    EXPECT(catalogue[0].dwServiceFlags1 & XP1_GUARANTEED_DELIVERY && catalogue[0].ProtocolChain.ChainLen == BASE_PROTOCOL);
    SOCKET client = WSASocket(-1, -1, -1, catalogue, 0, 0);
    EXPECT(client != INVALID_SOCKET);
    int udp[] = {IPPROTO_UDP, 0};
    count = WSAEnumProtocols(udp, catalogue, &length);
    EXPECT(count > 0 && catalogue[0].iProtocol == IPPROTO_UDP && catalogue[0].dwServiceFlags1 & XP1_CONNECTIONLESS);
    WSAPROTOCOL_INFOW wide[8];
    length = sizeof wide;
    EXPECT(WSAEnumProtocolsW(udp, wide, &length) == count && wcslen(wide[0].szProtocol) == strlen(catalogue[0].szProtocol));
    EXPECT(HeapFree(GetProcessHeap(), 0, catalogue));
    EXPECT(WSACleanup() == 0);
    return outcome();
}
