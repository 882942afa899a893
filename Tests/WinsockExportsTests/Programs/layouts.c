/* The structures have the sizes and offsets of 64-bit Windows; nothing is run. WCHAR has four bytes here, which only WSAPROTOCOL_INFOW shows. */
#include <stdlib.h>
#include <winsock2.h>
#include <ws2tcpip.h>
#include <mswsock.h>
#include <af_irda.h>
#include <ws2bth.h>
#include <windows.h>
#include <unistd.h>

#ifdef __cplusplus
#define SAME(left, right) static_assert((left) == (right), #left)
#else
#define SAME(left, right) _Static_assert((left) == (right), #left)
#endif
#define SIZE(type, size) SAME(sizeof(type), size)
#define OFFSET(type, member, offset) SAME(offsetof(type, member), offset)

SIZE(SOCKET, 8); SIZE(u_long, 4); SIZE(DWORD, 4); SIZE(LONG, 4); SIZE(BOOL, 4); SIZE(HANDLE, 8); SIZE(GUID, 16);
SIZE(WSADATA, 408); OFFSET(WSADATA, wHighVersion, 2); OFFSET(WSADATA, iMaxSockets, 4); OFFSET(WSADATA, iMaxUdpDg, 6);
OFFSET(WSADATA, lpVendorInfo, 8); OFFSET(WSADATA, szDescription, 16); OFFSET(WSADATA, szSystemStatus, 273);
SIZE(struct sockaddr, 16); SIZE(struct sockaddr_in, 16); OFFSET(struct sockaddr_in, sin_port, 2); OFFSET(struct sockaddr_in, sin_addr, 4);
SIZE(struct sockaddr_in6, 28); OFFSET(struct sockaddr_in6, sin6_addr, 8); OFFSET(struct sockaddr_in6, sin6_scope_id, 24);
SIZE(struct sockaddr_storage, 128); SIZE(struct in_addr, 4); SIZE(struct in6_addr, 16);
SIZE(fd_set, 520); OFFSET(fd_set, fd_array, 8); SIZE(LINGER, 4); SIZE(WSABUF, 16); OFFSET(WSABUF, buf, 8);
SIZE(WSAPOLLFD, 16); OFFSET(WSAPOLLFD, events, 8); OFFSET(WSAPOLLFD, revents, 10);
SIZE(WSANETWORKEVENTS, 44); OFFSET(WSANETWORKEVENTS, iErrorCode, 4);
SIZE(OVERLAPPED, 32); OFFSET(OVERLAPPED, InternalHigh, 8); OFFSET(OVERLAPPED, Pointer, 16); OFFSET(OVERLAPPED, hEvent, 24);
SIZE(ADDRINFOA, 48); OFFSET(ADDRINFOA, ai_addrlen, 16); OFFSET(ADDRINFOA, ai_canonname, 24); OFFSET(ADDRINFOA, ai_addr, 32);
SIZE(struct hostent, 32); OFFSET(struct hostent, h_addrtype, 16); OFFSET(struct hostent, h_length, 18); OFFSET(struct hostent, h_addr_list, 24);
SIZE(WSAPROTOCOL_INFOA, 372); OFFSET(WSAPROTOCOL_INFOA, ProviderId, 20); OFFSET(WSAPROTOCOL_INFOA, ProtocolChain, 40);
OFFSET(WSAPROTOCOL_INFOA, iAddressFamily, 76); OFFSET(WSAPROTOCOL_INFOA, iProtocol, 92); OFFSET(WSAPROTOCOL_INFOA, szProtocol, 116);
SIZE(WSAPROTOCOL_INFOW, 116 + 256 * sizeof(WCHAR)); OFFSET(WSAPROTOCOL_INFOW, szProtocol, 116);
SIZE(SOCKADDR_IRDA, 32); OFFSET(SOCKADDR_IRDA, irdaDeviceID, 2); OFFSET(SOCKADDR_IRDA, irdaServiceName, 6);
SIZE(IRDA_DEVICE_INFO, 29); OFFSET(IRDA_DEVICE_INFO, irdaDeviceHints1, 26); OFFSET(IRDA_DEVICE_INFO, irdaCharSet, 28);
SIZE(DEVICELIST, 36); OFFSET(DEVICELIST, Device, 4);
SIZE(IAS_SET, 1352); OFFSET(IAS_SET, irdaAttribType, 320); OFFSET(IAS_SET, irdaAttribute.irdaAttribOctetSeq.OctetSeq, 326);
OFFSET(IAS_SET, irdaAttribute.irdaAttribUsrStr.UsrStr, 326);
SIZE(IAS_QUERY, 1356); OFFSET(IAS_QUERY, irdaAttribType, 324); OFFSET(IAS_QUERY, irdaAttribute.irdaAttribOctetSeq.OctetSeq, 332);
OFFSET(IAS_QUERY, irdaAttribute.irdaAttribUsrStr.UsrStr, 336);
SIZE(SOCKADDR_BTH, 30); OFFSET(SOCKADDR_BTH, btAddr, 2); OFFSET(SOCKADDR_BTH, serviceClassId, 10); OFFSET(SOCKADDR_BTH, port, 26);
SAME(FIONBIO, 0x8004667E); SAME(FIONREAD, 0x4004667F); SAME(SIO_GET_EXTENSION_FUNCTION_POINTER, 0xC8000006); SAME(SIO_LAZY_DISCOVERY, 0x4004747F);
SAME(MAKEWORD(2, 1), 0x0102); SAME(WSAGETSELECTERROR(MAKELONG(16, 10061)), 10061); SAME(FD_ALL_EVENTS, 0x3FF);

int main(void) {
    fd_set set;
    FD_ZERO(&set);
    for (SOCKET socket = 1; socket <= 70; socket++) FD_SET(socket, &set);
    FD_SET(1, &set);
    if (set.fd_count != FD_SETSIZE || FD_SETSIZE != 64) return 1;
    FD_CLR(2, &set);
    if (FD_ISSET(2, &set) || !FD_ISSET(3, &set) || FD_ISSET(65, &set) || set.fd_array[1] != 3) return 1;
    puts("all as expected");
    return 0;
}
