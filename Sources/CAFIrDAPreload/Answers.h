// How the answers of the Swift half become those of system calls.
#ifndef ANSWERS_H
#define ANSWERS_H

#include <errno.h>

#include "Calls.h"
#include "Descriptors.h"
#include "Library.h"

// What a system call returns for this answer: -1 with errno, or the answer.
static inline int returned(int answer) {
    if (answer >= 0) return answer;
    errno = -answer;
    return -1;
}

// Whether the answer is one; otherwise the descriptor is forgotten, and the caller goes on with the C library.
static inline bool is_ours(int answer, int fd) {
    if (answer != ANSWER_NOT_OURS) return true;
    set_descriptor_kind(fd, KIND_UNKNOWN);
    return false;
}

// Notes that data may move on a descriptor, and how; the Swift half says so.
static inline void note_connection(int fd) {
    int answer = ASK(transfer, fd, TRANSFER_SEND);
    set_descriptor_kind(fd, answer < 0 ? KIND_IDLE : answer == 0 ? KIND_OPEN : KIND_CUTTING);
}

// Waits as an answer asks. No lock is held meanwhile, so a signal handler may do what it likes, and even not return.
//
// Returns 0 when the descriptor is ready; -1 with EINTR when a signal handler ran after which the call ends, or with EAGAIN when the time
// is over that the program has set for it (SO_RCVTIMEO).
int wait_as_asked(int fd, int answer) __attribute__((visibility("hidden")));

#endif
