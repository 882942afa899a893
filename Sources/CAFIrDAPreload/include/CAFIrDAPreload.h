// The preloaded half of AF_IRDA: functions of the C library that programs call for their sockets, with one question before
// each: is this descriptor an AF_IRDA socket? Where it is not, the C library's own function does the work.
//
// It is C because only C can take the place of variadic functions (fcntl, ioctl), and because it is loaded into every process:
// it links to the C library alone, starts no thread, and keeps one byte a descriptor. What an AF_IRDA socket does is Swift, in a
// second library that is loaded with the first socket of that family (Calls.h).
#ifndef CAFIRDAPRELOAD_H
#define CAFIRDAPRELOAD_H

#endif
