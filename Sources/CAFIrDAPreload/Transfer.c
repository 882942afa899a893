// The calls that move data. With a connection the kernel does all of it, for the descriptor is one end of a real socket pair;
// what is answered here is what AF_IRDA says without a connection, and of flags and addresses.
#define _GNU_SOURCE
#include <sys/uio.h>
#include <unistd.h>

#include "Answers.h"

// Whether a call for data may go to the kernel. Otherwise errno says why not.
static bool may_transfer(int fd, enum transfer direction) {
    if (__builtin_expect(descriptor_kind(fd) != KIND_IDLE, 1) || inside_calls) return true;
    int answer = ASK(transfer, fd, direction);
    if (answer >= 0) {
        set_descriptor_kind(fd, answer == 0 ? KIND_OPEN : KIND_CUTTING);
        return true;
    }
    if (!is_ours(answer, fd)) return true;
    errno = -answer;
    return false;
}

// IOV_MAX: with more than these the calls themselves refuse.
#define MOST_PIECES 1024

static bool may_receive(int fd, int flags) {
    if (__builtin_expect(descriptor_kind(fd) < KIND_IDLE, 1) || inside_calls) return true;
    if (flags & MSG_OOB) {
        errno = EOPNOTSUPP;
        return false;
    }
    return may_transfer(fd, flags & MSG_DONTWAIT ? TRANSFER_RECEIVE_NOW : TRANSFER_RECEIVE);
}

static bool may_send(int fd, int flags) {
    if (__builtin_expect(descriptor_kind(fd) < KIND_IDLE, 1) || inside_calls) return true;
    if (flags & ~(MSG_DONTWAIT | MSG_EOR | MSG_NOSIGNAL)) {
        errno = EINVAL;
        return false;
    }
    return may_transfer(fd, TRANSFER_SEND);
}

static bool is_connection(int fd) { return descriptor_kind(fd) >= KIND_OPEN && !inside_calls; }

// What a call that receives has brought. Of a connection of ours, nothing and ECONNRESET have to be explained: the pair's other
// end closes in the same way whether the peer has ended the connection or the link was lost.
static ssize_t received(int fd, ssize_t count, bool may_be_nothing) {
    if (__builtin_expect(count > 0, 1) || may_be_nothing || !is_connection(fd)) return count;
    if (count < 0 && errno != ECONNRESET) return count;
    int answer = ASK(ended, fd);
    if (!is_ours(answer, fd)) return count;
    return returned(answer);
}

static bool is_empty(const struct iovec *pieces, size_t count) {
    for (size_t index = 0; pieces && index < count; index++) {
        if (pieces[index].iov_len > 0) return false;
    }
    return true;
}

// Whether a call that sends is to be made once more: the pair's ECONNRESET stands before its EPIPE, with its signal.
static bool is_reset(int fd, ssize_t count) {
    return __builtin_expect(count < 0, 0) && errno == ECONNRESET && is_connection(fd);
}

static bool may_be_cut(int fd) { return __builtin_expect(descriptor_kind(fd) == KIND_CUTTING, 0) && !inside_calls; }

// How much of so many bytes goes at once: as on a kernel a datagram that is too long is cut, and the call says so.
static size_t cut(int fd, size_t count) {
    if (!may_be_cut(fd)) return count;
    int longest = ASK(longest, fd);
    return longest > 0 && count > (size_t)longest ? (size_t)longest : count;
}

// Sends a datagram in pieces that has to be cut: the first of its bytes. Apart from the others, for the list needs much of the stack.
//
// Returns whether it has been sent so, with the answer in `result`. The program's list may be anywhere, and is read by a system call:
// where that fails, the call for the whole datagram will say why.
__attribute__((noinline)) static bool sent_cut(int fd, struct msghdr message, int flags, ssize_t *result) {
    struct iovec pieces[MOST_PIECES];
    size_t count = message.msg_iovlen;
    if (count == 0 || count > MOST_PIECES) return false;
    struct iovec here = {pieces, count * sizeof *pieces}, there = {message.msg_iov, count * sizeof *pieces};
    if (process_vm_readv(getpid(), &here, 1, &there, 1, 0) != (ssize_t)here.iov_len) return false;
    size_t all = 0;
    for (size_t index = 0; index < count; index++) {
        if (__builtin_add_overflow(all, pieces[index].iov_len, &all)) return false;
    }
    size_t room = cut(fd, all);
    if (room == all) return false;
    size_t left = 0;
    for (; room > 0; left++) {
        if (pieces[left].iov_len > room) pieces[left].iov_len = room;
        room -= pieces[left].iov_len;
    }
    message.msg_iov = pieces;
    message.msg_iovlen = left;
    *result = LIBRARY(sendmsg)(fd, &message, flags);
    return true;
}

// MARK: Receiving

ssize_t interposed_read(int fd, void *bytes, size_t count) INTERPOSED(read);
ssize_t interposed_read(int fd, void *bytes, size_t count) {
    if (!may_transfer(fd, TRANSFER_RECEIVE)) return -1;
    return received(fd, LIBRARY(read)(fd, bytes, count), count == 0);
}

ssize_t interposed_read_chk(int fd, void *bytes, size_t count, size_t room) INTERPOSED(__read_chk);
ssize_t interposed_read_chk(int fd, void *bytes, size_t count, size_t room) {
    if (!may_transfer(fd, TRANSFER_RECEIVE)) return -1;
    return received(fd, LIBRARY(__read_chk)(fd, bytes, count, room), count == 0);
}

ssize_t interposed_readv(int fd, const struct iovec *pieces, int count) INTERPOSED(readv);
ssize_t interposed_readv(int fd, const struct iovec *pieces, int count) {
    if (!may_transfer(fd, TRANSFER_RECEIVE)) return -1;
    ssize_t result = LIBRARY(readv)(fd, pieces, count);
    // Only where the call has succeeded the list can be read.
    return result != 0 ? received(fd, result, false) : received(fd, 0, is_empty(pieces, count > 0 ? (size_t)count : 0));
}

ssize_t interposed_recv(int fd, void *bytes, size_t count, int flags) INTERPOSED(recv);
ssize_t interposed_recv(int fd, void *bytes, size_t count, int flags) {
    if (!may_receive(fd, flags)) return -1;
    return received(fd, LIBRARY(recv)(fd, bytes, count, flags), count == 0);
}

ssize_t interposed_recv_chk(int fd, void *bytes, size_t count, size_t room, int flags) INTERPOSED(__recv_chk);
ssize_t interposed_recv_chk(int fd, void *bytes, size_t count, size_t room, int flags) {
    if (!may_receive(fd, flags)) return -1;
    return received(fd, LIBRARY(__recv_chk)(fd, bytes, count, room, flags), count == 0);
}

ssize_t interposed_recvfrom(int fd, void *bytes, size_t count, int flags, void *address, socklen_t *length)
    INTERPOSED(recvfrom);
ssize_t interposed_recvfrom(int fd, void *bytes, size_t count, int flags, void *address, socklen_t *length) {
    if (!may_receive(fd, flags)) return -1;
    return received(fd, LIBRARY(recvfrom)(fd, bytes, count, flags, address, length), count == 0);
}

ssize_t interposed_recvfrom_chk(
    int fd, void *bytes, size_t count, size_t room, int flags, void *address, socklen_t *length)
    INTERPOSED(__recvfrom_chk);
ssize_t interposed_recvfrom_chk(
    int fd, void *bytes, size_t count, size_t room, int flags, void *address, socklen_t *length) {
    if (!may_receive(fd, flags)) return -1;
    return received(fd, LIBRARY(__recvfrom_chk)(fd, bytes, count, room, flags, address, length), count == 0);
}

ssize_t interposed_recvmsg(int fd, struct msghdr *message, int flags) INTERPOSED(recvmsg);
ssize_t interposed_recvmsg(int fd, struct msghdr *message, int flags) {
    if (!may_receive(fd, flags)) return -1;
    ssize_t result = LIBRARY(recvmsg)(fd, message, flags);
    return result != 0 ? received(fd, result, false) : received(fd, 0, is_empty(message->msg_iov, message->msg_iovlen));
}

// MARK: Sending

ssize_t interposed_write(int fd, const void *bytes, size_t count) INTERPOSED(write);
ssize_t interposed_write(int fd, const void *bytes, size_t count) {
    if (!may_transfer(fd, TRANSFER_SEND)) return -1;
    count = cut(fd, count);
    ssize_t result = LIBRARY(write)(fd, bytes, count);
    return is_reset(fd, result) ? LIBRARY(write)(fd, bytes, count) : result;
}

ssize_t interposed_writev(int fd, const struct iovec *pieces, int count) INTERPOSED(writev);
ssize_t interposed_writev(int fd, const struct iovec *pieces, int count) {
    if (!may_transfer(fd, TRANSFER_SEND)) return -1;
    ssize_t result;
    if (may_be_cut(fd) && count > 0) {
        struct msghdr message = {.msg_iov = (struct iovec *)pieces, .msg_iovlen = (size_t)count};
        if (sent_cut(fd, message, 0, &result)) return result;
    }
    result = LIBRARY(writev)(fd, pieces, count);
    return is_reset(fd, result) ? LIBRARY(writev)(fd, pieces, count) : result;
}

ssize_t interposed_send(int fd, const void *bytes, size_t count, int flags) INTERPOSED(send);
ssize_t interposed_send(int fd, const void *bytes, size_t count, int flags) {
    if (!may_send(fd, flags)) return -1;
    count = cut(fd, count);
    ssize_t result = LIBRARY(send)(fd, bytes, count, flags);
    return is_reset(fd, result) ? LIBRARY(send)(fd, bytes, count, flags) : result;
}

ssize_t interposed_sendto(int fd, const void *bytes, size_t count, int flags, const void *address, socklen_t length)
    INTERPOSED(sendto);
ssize_t interposed_sendto(int fd, const void *bytes, size_t count, int flags, const void *address, socklen_t length) {
    // A connection goes where it goes: AF_IRDA ignores an address, which AF_UNIX would complain of.
    if (descriptor_kind(fd) >= KIND_IDLE && !inside_calls) return interposed_send(fd, bytes, count, flags);
    return LIBRARY(sendto)(fd, bytes, count, flags, address, length);
}

ssize_t interposed_sendmsg(int fd, const struct msghdr *message, int flags) INTERPOSED(sendmsg);
ssize_t interposed_sendmsg(int fd, const struct msghdr *message, int flags) {
    if (!may_send(fd, flags)) return -1;
    if (!message || !is_connection(fd)) return LIBRARY(sendmsg)(fd, message, flags);
    struct msghdr without_address = *message;
    without_address.msg_name = NULL;
    without_address.msg_namelen = 0;
    ssize_t result;
    if (may_be_cut(fd) && sent_cut(fd, without_address, flags, &result)) return result;
    result = LIBRARY(sendmsg)(fd, &without_address, flags);
    return is_reset(fd, result) ? LIBRARY(sendmsg)(fd, &without_address, flags) : result;
}
