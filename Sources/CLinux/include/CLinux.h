// Interfaces of Linux that Swift's Glibc module leaves out.
#ifndef CLINUX_H
#define CLINUX_H

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/types.h>
#include <sys/uio.h>

// glibc shows these two only to programs that ask for all of its extensions, which cannot be asked for in a module.
extern ssize_t process_vm_readv(
    pid_t process, const struct iovec *local, unsigned long local_count, const struct iovec *remote,
    unsigned long remote_count, unsigned long flags);
extern ssize_t process_vm_writev(
    pid_t process, const struct iovec *local, unsigned long local_count, const struct iovec *remote,
    unsigned long remote_count, unsigned long flags);

#endif
