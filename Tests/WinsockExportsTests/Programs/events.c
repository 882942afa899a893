/* The ends of connects as events, as messages, and of ConnectEx. */
#include <winsock2.h>
#include <mswsock.h>
#include <windows.h>
#include "peers.h"

static void event_objects(void) {
    SOCKET server = listener();
    struct sockaddr_in address = name_of(server), bad = nobody();
    WSAEVENT event = WSACreateEvent(), other = WSACreateEvent(), both[2] = {other, event};
    SOCKET client = socket(AF_INET, SOCK_STREAM, 0);
    WSANETWORKEVENTS happened;
    memset(&happened, 0x55, sizeof happened);

    EXPECT(WSAEventSelect(client, event, FD_CONNECT | FD_WRITE | FD_CLOSE) == 0);
    EXPECT_ERROR(WSAEWOULDBLOCK, connect(client, (struct sockaddr *)&bad, sizeof bad));
    EXPECT(WSAWaitForMultipleEvents(2, both, FALSE, 60000, FALSE) == WSA_WAIT_EVENT_0 + 1);
    EXPECT(WSAEnumNetworkEvents(client, event, &happened) == 0);
    EXPECT(happened.lNetworkEvents == FD_CONNECT && happened.iErrorCode[FD_CONNECT_BIT] == WSAECONNREFUSED);
    EXPECT(happened.iErrorCode[FD_WRITE_BIT] == 0x55555555); /* left alone */
    EXPECT(WSAWaitForMultipleEvents(1, &event, FALSE, 0, FALSE) == WSA_WAIT_TIMEOUT);

    EXPECT_ERROR(WSAEWOULDBLOCK, connect(client, (struct sockaddr *)&address, sizeof address));
    EXPECT(WaitForSingleObject(event, 60000) == WAIT_OBJECT_0);
    EXPECT(WSAEnumNetworkEvents(client, event, &happened) == 0);
    EXPECT(happened.lNetworkEvents == (FD_CONNECT | FD_WRITE) && happened.iErrorCode[FD_CONNECT_BIT] == 0);
    u_long off = 0;
    EXPECT_ERROR(WSAEINVAL, ioctlsocket(client, FIONBIO, &off));
    EXPECT(SetEvent(other) && ResetEvent(other) && CloseHandle(other));
    EXPECT(WSACloseEvent(event));
}

static void messages(void) {
    SOCKET server = listener();
    struct sockaddr_in address = name_of(server);
    HWND queue = CreateMessageQueue();
    SOCKET client = socket(AF_INET, SOCK_STREAM, 0);
    MSG message;
    EXPECT(PeekMessage(&message, queue, 0, 0, PM_REMOVE) == FALSE);
    EXPECT(WSAAsyncSelect(client, queue, WM_USER + 1, FD_CONNECT | FD_WRITE) == 0);
    EXPECT_ERROR(WSAEWOULDBLOCK, connect(client, (struct sockaddr *)&address, sizeof address));
    LONG expected[2] = {FD_CONNECT, FD_WRITE};
    for (int i = 0; i < 2; i++) {
        EXPECT(GetMessage(&message, queue, 0, 0) == TRUE);
        EXPECT(message.hwnd == queue && message.message == WM_USER + 1 && message.wParam == client);
        EXPECT(WSAGETSELECTEVENT(message.lParam) == expected[i] && WSAGETSELECTERROR(message.lParam) == 0);
    }
    EXPECT(WSAAsyncSelect(client, NULL, 0, 0) == 0);
    EXPECT(GetMessage(&message, queue, 1, 2) == -1 && WSAGetLastError() == WSA_INVALID_PARAMETER);
    EXPECT(DestroyWindow(queue) && !DestroyWindow(queue));
    EXPECT(GetMessage(&message, queue, 0, 0) == -1);
}

static void overlapped(void) {
    SOCKET server = listener();
    struct sockaddr_in address = name_of(server), bad = nobody(), here = loopback(0);
    SOCKET client = socket(AF_INET, SOCK_STREAM, 0);
    GUID identifier = WSAID_CONNECTEX, unknown = {0};
    LPFN_CONNECTEX connectEx = NULL;
    DWORD length = 0, flags = 7;
    EXPECT_ERROR(WSAEINVAL,
        WSAIoctl(client, SIO_GET_EXTENSION_FUNCTION_POINTER, &unknown, sizeof unknown, &connectEx, sizeof connectEx, &length, NULL, NULL));
    EXPECT(
        WSAIoctl(client, SIO_GET_EXTENSION_FUNCTION_POINTER, &identifier, sizeof identifier, &connectEx, sizeof connectEx, &length, NULL, NULL)
        == 0);
    EXPECT(length == sizeof connectEx && connectEx != NULL);
    if (connectEx == NULL) return;

    OVERLAPPED record;
    memset(&record, 0, sizeof record);
    EXPECT(!connectEx(client, (struct sockaddr *)&address, sizeof address, "first", 5, NULL, &record) && WSAGetLastError() == WSAEINVAL);
    EXPECT(bind(client, (struct sockaddr *)&here, sizeof here) == 0);
    EXPECT(!connectEx(client, (struct sockaddr *)&address, sizeof address, "first", 5, NULL, NULL) && WSAGetLastError() == WSA_INVALID_PARAMETER);
    record.hEvent = CreateEvent(NULL, TRUE, TRUE, NULL);
    EXPECT(!connectEx(client, (struct sockaddr *)&address, sizeof address, "first", 5, NULL, &record) && WSAGetLastError() == WSA_IO_PENDING);
    EXPECT(WaitForSingleObject(record.hEvent, 60000) == WAIT_OBJECT_0);
    EXPECT(HasOverlappedIoCompleted(&record) && record.InternalHigh == 5);
    EXPECT(WSAGetOverlappedResult(client, &record, &length, FALSE, &flags) && length == 5 && flags == 0);
    SOCKET accepted = accept(server, NULL, NULL);
    char buffer[8];
    EXPECT(recv(accepted, buffer, sizeof buffer, 0) == 5 && memcmp(buffer, "first", 5) == 0);
    EXPECT(setsockopt(client, SOL_SOCKET, SO_UPDATE_CONNECT_CONTEXT, NULL, 0) == 0);
    EXPECT(shutdown(client, SD_BOTH) == 0);

    SOCKET late = socket(AF_INET, SOCK_STREAM, 0);
    EXPECT(bind(late, (struct sockaddr *)&here, sizeof here) == 0);
    record.hEvent = NULL;
    EXPECT(!connectEx(late, (struct sockaddr *)&bad, sizeof bad, NULL, 0, NULL, &record) && WSAGetLastError() == WSA_IO_PENDING);
    EXPECT(!WSAGetOverlappedResult(late, &record, &length, TRUE, &flags) && WSAGetLastError() == WSAECONNREFUSED);
}

int main(void) {
    start_up();
    event_objects();
    messages();
    overlapped();
    EXPECT(WSACleanup() == 0);
    return outcome();
}
