/* Says what is not as it should be, and goes on; the program's exit status tells how it went. */
#ifndef EXPECT_H
#define EXPECT_H

#include <stdio.h>

static int failures;

#define EXPECT(condition) \
    do { \
        if (!(condition)) { \
            failures++; \
            fprintf(stderr, "%s:%d: not so: %s (WSAGetLastError %d)\n", __FILE__, __LINE__, #condition, WSAGetLastError()); \
        } \
    } while (0)
/* A call that fails with this code. */
#define EXPECT_ERROR(code, call) \
    do { \
        WSASetLastError(0); \
        long long answer = (long long)(call); \
        int found = WSAGetLastError(); \
        if (answer != SOCKET_ERROR || found != (code)) { \
            failures++; \
            fprintf(stderr, "%s:%d: %s gave %lld and code %d, not %d\n", __FILE__, __LINE__, #call, answer, found, (code)); \
        } \
    } while (0)

static int outcome(void) {
    if (failures == 0) puts("all as expected");
    return failures == 0 ? 0 : 1;
}

#endif
