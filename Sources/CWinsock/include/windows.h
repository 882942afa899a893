/* What socket programs take from Windows' own header: types, events, messages, memory, sleep. Not more. */
#ifndef IRSOCK_WINDOWS_H
#define IRSOCK_WINDOWS_H

#include "irsock/windef.h"
/* On Windows it brings winsock.h, unless WIN32_LEAN_AND_MEAN is defined; winsock2.h does for both. */
#include "winsock2.h"

IRSOCK_EXTERN_C_BEGIN

/* ---- Events. They are the event objects of WSACreateEvent, to be had after WSAStartup. ---- */

typedef struct _SECURITY_ATTRIBUTES {
    DWORD nLength;
    LPVOID lpSecurityDescriptor;
    BOOL bInheritHandle;
} SECURITY_ATTRIBUTES, *PSECURITY_ATTRIBUTES, *LPSECURITY_ATTRIBUTES;

#define WAIT_OBJECT_0 ((DWORD)0)
#define WAIT_TIMEOUT ((DWORD)258)
#define WAIT_FAILED ((DWORD)0xFFFFFFFF)

/* Events are reset by hand; one that resets itself, or has a name, is ERROR_INVALID_PARAMETER. */
HANDLE CreateEventA(LPSECURITY_ATTRIBUTES security, BOOL manualReset, BOOL initialState, LPCSTR name);
HANDLE CreateEventW(LPSECURITY_ATTRIBUTES security, BOOL manualReset, BOOL initialState, LPCWSTR name);
#define CreateEvent IRSOCK_AW(CreateEvent)
#define SetEvent WSASetEvent
#define ResetEvent WSAResetEvent
#define CloseHandle WSACloseEvent
#define WaitForMultipleObjects(count, handles, all, milliseconds) \
    WSAWaitForMultipleEvents((count), (handles), (all), (milliseconds), FALSE)
static inline DWORD WaitForSingleObject(HANDLE handle, DWORD milliseconds) {
    return WSAWaitForMultipleEvents(1, &handle, FALSE, milliseconds, FALSE);
}

/* ---- Messages. A queue stands for a window: what WSAAsyncSelect posts is taken out by GetMessage. ---- */

#define WM_USER 0x0400
#define WM_APP 0x8000
#define PM_NOREMOVE 0x0000
#define PM_REMOVE 0x0001

/* IrSock's own, in place of CreateWindow: makes a queue; NULL and WSAGetLastError if that fails. */
HWND CreateMessageQueue(void);
BOOL DestroyMessageQueue(HWND queue);
#define DestroyWindow DestroyMessageQueue
/* The queue has to be named, since a thread has none of its own; the filter is left out of account if both ends are 0. */
BOOL GetMessageA(LPMSG message, HWND queue, UINT first, UINT last);
BOOL PeekMessageA(LPMSG message, HWND queue, UINT first, UINT last, UINT remove);
#define GetMessage GetMessageA
#define GetMessageW GetMessageA
#define PeekMessage PeekMessageA
#define PeekMessageW PeekMessageA

/* ---- Odds and ends ---- */

VOID Sleep(DWORD milliseconds);
DWORD GetTickCount(void);

#define HEAP_ZERO_MEMORY 0x00000008
HANDLE GetProcessHeap(void);
LPVOID HeapAlloc(HANDLE heap, DWORD flags, SIZE_T size);
BOOL HeapFree(HANDLE heap, DWORD flags, LPVOID memory);

IRSOCK_EXTERN_C_END

#endif
