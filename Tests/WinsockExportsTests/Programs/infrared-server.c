/* The server of the documentation: offers a service by its name, takes one connection, and sends back what comes until the peer leaves. */
#include <winsock2.h>
#include <af_irda.h>
#include <windows.h>
#include "expect.h"

int main(void) {
    WSADATA data;
    EXPECT(WSAStartup(MAKEWORD(2, 2), &data) == 0);
    SOCKET server = socket(AF_IRDA, SOCK_STREAM, 0);
    IAS_SET set;
    memset(&set, 0, sizeof set);
    strcpy(set.irdaClassName, "Inbox");
    strcpy(set.irdaAttribName, "Version");
    set.irdaAttribType = IAS_ATTRIB_INT;
    set.irdaAttribute.irdaAttribInt = 7;
    EXPECT(setsockopt(server, SOL_IRLMP, IRLMP_IAS_SET, (const char *)&set, sizeof set) == 0);
    SOCKADDR_IRDA own = {AF_IRDA, {0}, "Inbox"};
    EXPECT(bind(server, (struct sockaddr *)&own, sizeof own) == 0);
    EXPECT(listen(server, SOMAXCONN) == 0);
    puts("listening");
    fflush(stdout);

    SOCKADDR_IRDA peer;
    int length = sizeof peer;
    SOCKET client = accept(server, (struct sockaddr *)&peer, &length);
    EXPECT(client != INVALID_SOCKET && length == sizeof peer && peer.irdaAddressFamily == AF_IRDA);
    char buffer[256];
    int received, total = 0;
    while ((received = recv(client, buffer, sizeof buffer, 0)) > 0) {
        total += received;
        EXPECT(send(client, buffer, received, 0) == received);
    }
    EXPECT(received == 0 && total == 15);
    EXPECT(closesocket(client) == 0 && closesocket(server) == 0 && WSACleanup() == 0);
    return outcome();
}
