/* What Swift cannot say about a number in a program's memory. */
#ifndef IRSOCK_ATOMICS_H
#define IRSOCK_ATOMICS_H

#include "windef.h"

/* Writes a number that another thread may be waiting to see change; what was written before it is seen with it. */
static inline void irsock_store_release(ULONG_PTR *place, ULONG_PTR value) {
    __atomic_store_n(place, value, __ATOMIC_RELEASE);
}

#endif
