// Interfaces of Linux that Swift's Glibc module leaves out.
#ifndef CLINUX_H
#define CLINUX_H

#include <stddef.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/types.h>

// process_vm_readv(2) and process_vm_writev(2) of this process itself, with one piece of memory on each side. The kernel looks at the far
// side as it would at another process's: what cannot be read or written there is an error, not a signal.
ssize_t clinux_read_memory(void *to, const void *from, size_t count);
ssize_t clinux_write_memory(void *to, const void *from, size_t count);

#endif
