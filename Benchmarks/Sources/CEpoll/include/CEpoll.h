// What plain programs on Linux wait with, and Swift's Glibc module leaves out.
#ifndef CEPOLL_H
#define CEPOLL_H

#include <sys/epoll.h>

#endif
