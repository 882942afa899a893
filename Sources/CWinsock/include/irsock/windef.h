/* The integer types and words of Windows' headers, as far as socket programs use them. Numbers have the sizes that they have on
   Windows: a LONG is four bytes here, too. */
#ifndef IRSOCK_WINDEF_H
#define IRSOCK_WINDEF_H

/* First, so that what they declare under a name of ours is declared before the name becomes a macro. */
#include <sys/types.h>
#include <sys/select.h>
#include <sys/time.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>
#ifdef __cplusplus
#include <cwchar> /* it takes a macro called wprintf away */
#endif

#ifdef __cplusplus
#define IRSOCK_EXTERN_C_BEGIN extern "C" {
#define IRSOCK_EXTERN_C_END }
#else
#define IRSOCK_EXTERN_C_BEGIN
#define IRSOCK_EXTERN_C_END
#endif

/* A function of the library under a name that the C library has, too: the symbol is ws_NAME, so that neither gets in the other's way. */
#define IRSOCK_SYMBOL(name) __asm__("ws_" #name)

/* Words that have a meaning on Windows only. */
#ifndef FAR
#define FAR
#endif
#ifndef NEAR
#define NEAR
#endif
#ifndef PASCAL
#define PASCAL
#endif
#ifndef WINAPI
#define WINAPI
#define APIENTRY
#define WSAAPI
#define CALLBACK
#define WSPAPI
#endif
#ifndef __cdecl
#define __cdecl
#endif
#ifndef __stdcall
#define __stdcall
#endif
#ifndef IN
#define IN
#define OUT
#define OPTIONAL
#endif
#ifndef CONST
#define CONST const
#endif
#ifndef VOID
#define VOID void
#endif
/* Annotations for Microsoft's analyser. */
#ifndef _In_
#define _In_
#define _In_opt_
#define _In_z_
#define _Out_
#define _Out_opt_
#define _Inout_
#define _Inout_opt_
#define _In_reads_(n)
#define _In_reads_bytes_(n)
#define _In_reads_bytes_opt_(n)
#define _Out_writes_(n)
#define _Out_writes_bytes_(n)
#define _Out_writes_bytes_to_(n, m)
#endif

typedef int32_t BOOL;
typedef uint8_t BOOLEAN;
typedef uint8_t BYTE;
typedef uint16_t WORD;
typedef uint32_t DWORD;
typedef uint64_t DWORD64;
typedef int INT;
typedef unsigned int UINT;
typedef int16_t SHORT;
typedef uint16_t USHORT;
typedef int32_t LONG;
typedef uint32_t ULONG;
typedef int64_t LONGLONG;
typedef uint64_t ULONGLONG;
typedef int64_t INT64;
typedef uint64_t UINT64;
typedef char CHAR;
typedef unsigned char UCHAR;
typedef wchar_t WCHAR;
typedef float FLOAT;
typedef intptr_t INT_PTR;
typedef uintptr_t UINT_PTR;
typedef intptr_t LONG_PTR;
typedef uintptr_t ULONG_PTR;
typedef uintptr_t DWORD_PTR;
typedef size_t SIZE_T;
typedef ssize_t SSIZE_T;
typedef UINT_PTR WPARAM;
typedef LONG_PTR LPARAM;
typedef LONG_PTR LRESULT;
typedef LONG HRESULT;

typedef BOOL *PBOOL, *LPBOOL;
typedef BYTE *PBYTE, *LPBYTE;
typedef WORD *PWORD, *LPWORD;
typedef DWORD *PDWORD, *LPDWORD;
typedef int *LPINT, *PINT;
typedef UINT *PUINT;
typedef LONG *PLONG, *LPLONG;
typedef ULONG *PULONG;
typedef USHORT *PUSHORT;
typedef void *PVOID, *LPVOID;
typedef const void *LPCVOID;
typedef char *PSTR, *LPSTR, *PCHAR;
typedef const char *PCSTR, *LPCSTR;
typedef wchar_t *PWSTR, *LPWSTR, *PWCHAR;
typedef const wchar_t *PCWSTR, *LPCWSTR;
#ifdef UNICODE
typedef wchar_t TCHAR, *PTSTR, *LPTSTR;
typedef const wchar_t *PCTSTR, *LPCTSTR;
#define IRSOCK_AW(name) name##W
#ifndef TEXT
#define TEXT(text) L##text
#endif
#else
typedef char TCHAR, *PTSTR, *LPTSTR;
typedef const char *PCTSTR, *LPCTSTR;
#define IRSOCK_AW(name) name##A
#ifndef TEXT
#define TEXT(text) text
#endif
#endif
#ifndef _T
#define _T(text) TEXT(text)
#endif

typedef void *HANDLE;
typedef HANDLE *PHANDLE, *LPHANDLE;
/* A window is a message queue of the library: see CreateMessageQueue. */
typedef struct irsock_window *HWND;

/* glibc's u_long has eight bytes, and ioctlsocket writes four. */
typedef uint32_t irsock_u_long;
#define u_long irsock_u_long

#ifndef GUID_DEFINED
#define GUID_DEFINED
typedef struct _GUID {
    ULONG Data1;
    USHORT Data2;
    USHORT Data3;
    UCHAR Data4[8];
} GUID, *LPGUID;
typedef const GUID *LPCGUID;
#endif

#ifndef TRUE
#define TRUE 1
#endif
#ifndef FALSE
#define FALSE 0
#endif
#ifndef MAX_PATH
#define MAX_PATH 260
#endif
#define INFINITE 0xFFFFFFFFu
#define INVALID_HANDLE_VALUE ((HANDLE)(LONG_PTR)-1)

#define MAKEWORD(low, high) ((WORD)(((BYTE)(low)) | ((WORD)((BYTE)(high))) << 8))
#define MAKELONG(low, high) ((LONG)(((WORD)(low)) | ((DWORD)((WORD)(high))) << 16))
#define LOWORD(value) ((WORD)((DWORD_PTR)(value) & 0xFFFF))
#define HIWORD(value) ((WORD)(((DWORD_PTR)(value) >> 16) & 0xFFFF))
#define LOBYTE(value) ((BYTE)((DWORD_PTR)(value) & 0xFF))
#define HIBYTE(value) ((BYTE)(((DWORD_PTR)(value) >> 8) & 0xFF))

#define ZeroMemory(place, size) memset((place), 0, (size))
#define CopyMemory(to, from, size) memcpy((to), (from), (size))
#define MoveMemory(to, from, size) memmove((to), (from), (size))
#define FillMemory(place, size, byte) memset((place), (byte), (size))
#define SecureZeroMemory(place, size) explicit_bzero((place), (size))

/* winerror.h, as far as socket calls report it. */
#define NO_ERROR 0
#define ERROR_SUCCESS 0
#define ERROR_INVALID_HANDLE 6
#define ERROR_NOT_ENOUGH_MEMORY 8
#define ERROR_INVALID_PARAMETER 87
#define ERROR_OPERATION_ABORTED 995
#define ERROR_IO_INCOMPLETE 996
#define ERROR_IO_PENDING 997
#define ERROR_CONNECTION_REFUSED 1225
#define STATUS_PENDING ((DWORD)0x103)

IRSOCK_EXTERN_C_BEGIN

/* The last error of the thread; WSAGetLastError reads the same one. */
DWORD GetLastError(void) IRSOCK_SYMBOL(GetLastError);
void SetLastError(DWORD code) IRSOCK_SYMBOL(SetLastError);

/* Prints as Microsoft's wprintf does: %s is wide, %S and %hs are narrow, %ld has four bytes. glibc's own would make standard output a wide
   stream for ever, and lose what printf writes. */
int irsock_wprintf(const wchar_t *format, ...);
int irsock_fwprintf(FILE *stream, const wchar_t *format, ...);
#define wprintf irsock_wprintf
#define fwprintf irsock_fwprintf

IRSOCK_EXTERN_C_END

#endif
