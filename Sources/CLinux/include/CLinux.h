// Interfaces of Linux that Swift's Glibc module leaves out.
#ifndef CLINUX_H
#define CLINUX_H

#include <stddef.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/pidfd.h>
#include <sys/signalfd.h>
#include <sys/types.h>

// process_vm_readv(2) and process_vm_writev(2) of this process itself, with one piece of memory on each side. The kernel looks at the far
// side as it would at another process's: what cannot be read or written there is an error, not a signal.
ssize_t clinux_read_memory(void *to, const void *from, size_t count);
ssize_t clinux_write_memory(void *to, const void *from, size_t count);

// Writes out what was printed. 0, or -1 with errno if that fails, or has failed before. (Swift 6 does not let anybody touch `stdout`.)
int clinux_flush_output(void);

#include "CLinuxTerminal.h"

#endif
