/* R47. The client of the documentation: looks around, asks, connects, talks. In a room with a phone that echoes. */
#include <winsock2.h>
#include <af_irda.h>
#include <windows.h>
#include "expect.h"

/* As the documentation has it: devices may need some time to be found. */
static int find_phone(SOCKET socket, u_char device[4]) {
    union {
        DEVICELIST list;
        char room[sizeof(DEVICELIST) - sizeof(IRDA_DEVICE_INFO) + 10 * sizeof(IRDA_DEVICE_INFO)];
    } found;
    for (int tries = 0; tries < 10; tries++) {
        int length = sizeof found;
        EXPECT(getsockopt(socket, SOL_IRLMP, IRLMP_ENUMDEVICES, (char *)&found, &length) == 0);
        for (ULONG i = 0; i < found.list.numDevice; i++) {
            if (strcmp(found.list.Device[i].irdaDeviceName, "Phone") != 0) continue;
            memcpy(device, found.list.Device[i].irdaDeviceID, 4);
            return 1;
        }
        Sleep(100);
    }
    return 0;
}

static SOCKADDR_IRDA address_of(const u_char device[4], const char *service) {
    SOCKADDR_IRDA address;
    memset(&address, 0, sizeof address);
    address.irdaAddressFamily = AF_IRDA;
    memcpy(address.irdaDeviceID, device, 4);
    strncpy(address.irdaServiceName, service, sizeof address.irdaServiceName - 1);
    return address;
}

int main(void) {
    WSADATA data;
    EXPECT(WSAStartup(MAKEWORD(2, 2), &data) == 0);
    SOCKET client = socket(AF_IRDA, SOCK_STREAM, 0);
    EXPECT(client != INVALID_SOCKET);
    EXPECT(socket(AF_IRDA, SOCK_RAW, 0) == INVALID_SOCKET);
    u_char phone[4] = {0}, none[4] = {0};
    EXPECT(find_phone(client, phone));

    IAS_QUERY query;
    memset(&query, 0, sizeof query);
    memcpy(query.irdaDeviceID, phone, 4);
    strcpy(query.irdaClassName, "Device");
    strcpy(query.irdaAttribName, "DeviceName");
    int length = sizeof query;
    EXPECT(getsockopt(client, SOL_IRLMP, IRLMP_IAS_QUERY, (char *)&query, &length) == 0);
    EXPECT(query.irdaAttribType == IAS_ATTRIB_STR && query.irdaAttribute.irdaAttribUsrStr.Len == 5);
    EXPECT(memcmp(query.irdaAttribute.irdaAttribUsrStr.UsrStr, "Phone", 5) == 0);

    SOCKADDR_IRDA address = address_of(none, "Echo");
    EXPECT_ERROR(WSAEADDRNOTAVAIL, connect(client, (struct sockaddr *)&address, sizeof address));
    address = address_of(phone, "Nothing");
    EXPECT_ERROR(WSAECONNREFUSED, connect(client, (struct sockaddr *)&address, sizeof address));
    address = address_of(phone, "Echo");
    for (int cut = 0; cut < 8; cut++) EXPECT_ERROR(WSAEFAULT, connect(client, (struct sockaddr *)&address, cut));
    EXPECT(connect(client, (struct sockaddr *)&address, sizeof address) == 0);
    EXPECT_ERROR(WSAEISCONN, connect(client, (struct sockaddr *)&address, sizeof address));
    DWORD pdu = 0;
    length = sizeof pdu;
    EXPECT(getsockopt(client, SOL_IRLMP, IRLMP_SEND_PDU_LEN, (char *)&pdu, &length) == 0 && pdu > 0);

    EXPECT(send(client, "hello, infrared", 15, 0) == 15);
    char buffer[32];
    int count = 0;
    while (count < 15) {
        int received = recv(client, buffer + count, (int)sizeof buffer - count, 0);
        if (received <= 0) break;
        count += received;
    }
    EXPECT(count == 15 && memcmp(buffer, "hello, infrared", 15) == 0);

    SOCKET server = socket(AF_IRDA, SOCK_STREAM, 0);
    SOCKADDR_IRDA own = address_of(none, "Inbox");
    EXPECT(bind(server, (struct sockaddr *)&own, sizeof own) == 0);
    EXPECT(listen(server, SOMAXCONN) == 0);
    EXPECT_ERROR(WSAEINVAL, connect(server, (struct sockaddr *)&address, sizeof address));
    EXPECT(closesocket(server) == 0 && closesocket(client) == 0 && WSACleanup() == 0);
    return outcome();
}
