// The functions that the C half calls (CAFIrDAPreload/Calls.h): one for each system call, on descriptors that it takes for ours.

public import Glibc
import SystemPackage

/// socket(AF_IRDA, type, protocol).
@c(irsock_af_irda_socket)
public func makeSocket(type: Int32, protocolNumber: Int32) -> Int32 {
    Answer.from { () throws(Errno) in try LinuxSocket.make(type: type, protocolNumber: protocolNumber) }
}

/// bind(2).
@c(irsock_af_irda_bind)
public func bindSocket(_ descriptor: Int32, address: UnsafeRawPointer?, length: socklen_t) -> Int32 {
    Answer.on(descriptor) { socket throws(Errno) in
        try socket.bind(to: LinuxSocket.address(at: address, length: length))
        return 0
    }
}

/// listen(2).
@c(irsock_af_irda_listen)
public func listenOnSocket(_ descriptor: Int32, backlog: Int32) -> Int32 {
    Answer.on(descriptor) { socket throws(Errno) in
        try socket.listen(backlog: Int(backlog))
        return 0
    }
}

/// accept4(2); the C half waits.
@c(irsock_af_irda_accept)
public func acceptConnection(
    _ descriptor: Int32, address: UnsafeMutableRawPointer?, length: UnsafeMutablePointer<socklen_t>?, flags: Int32
) -> Int32 {
    Answer.on(descriptor) { socket throws(Errno) in
        try socket.accept(on: descriptor, flags: flags, address: address, length: length)
    }
}

/// connect(2); the C half waits, and then calls again with another number of the attempt.
@c(irsock_af_irda_connect)
public func connectSocket(
    _ descriptor: Int32, address: UnsafeRawPointer?, length: socklen_t, attempt: Int32
) -> Int32 {
    Answer.on(descriptor) { socket throws(Errno) in
        guard attempt == 0 else { return try socket.finishWaiting(on: descriptor) }
        return try socket.connect(on: descriptor) { () throws(Errno) in
            try LinuxSocket.address(at: address, length: length)
        }
    }
}

/// getsockopt(2).
@c(irsock_af_irda_getsockopt)
public func readOption(
    _ descriptor: Int32, level: Int32, name: Int32, value: UnsafeMutableRawPointer?,
    length: UnsafeMutablePointer<socklen_t>?
) -> Int32 {
    Answer.on(descriptor) { socket throws(Errno) in
        guard let length else { throw .badAddress }
        let room = Int32(bitPattern: try CallerMemory.load(socklen_t.self, at: length))
        guard room >= 0 else { throw .invalidArgument }
        let answer = try socket.option(level: level, name: name, on: descriptor, value: value, room: Int(room))
        try CallerMemory.write(answer, to: value)
        try CallerMemory.store(socklen_t(answer.count), at: length)
        return 0
    }
}

/// setsockopt(2).
@c(irsock_af_irda_setsockopt)
public func setOption(
    _ descriptor: Int32, level: Int32, name: Int32, value: UnsafeRawPointer?, length: socklen_t
) -> Int32 {
    Answer.on(descriptor) { socket throws(Errno) in
        guard Int32(bitPattern: length) >= 0 else { throw .invalidArgument }
        try socket.setOption(level: level, name: name, on: descriptor, value: value, length: Int(length))
        return 0
    }
}

/// getsockname(2).
@c(irsock_af_irda_getsockname)
public func readLocalAddress(
    _ descriptor: Int32, address: UnsafeMutableRawPointer?, length: UnsafeMutablePointer<socklen_t>?
) -> Int32 {
    Answer.on(descriptor) { socket throws(Errno) in
        try LinuxSocket.tell(socket.localAddress(), to: address, length: length)
        return 0
    }
}

/// getpeername(2).
@c(irsock_af_irda_getpeername)
public func readPeerAddress(
    _ descriptor: Int32, address: UnsafeMutableRawPointer?, length: UnsafeMutablePointer<socklen_t>?
) -> Int32 {
    Answer.on(descriptor) { socket throws(Errno) in
        try LinuxSocket.tell(socket.peerAddress(), to: address, length: length)
        return 0
    }
}

/// shutdown(2).
@c(irsock_af_irda_shutdown)
public func shutSocketDown(_ descriptor: Int32, how: Int32) -> Int32 {
    Answer.on(descriptor) { socket throws(Errno) in
        try socket.shutDown(on: descriptor)
        return 0
    }
}

/// ioctl(2) with FIONREAD (TIOCINQ) or TIOCOUTQ.
@c(irsock_af_irda_ioctl)
public func controlSocket(_ descriptor: Int32, request: UInt, argument: UnsafeMutableRawPointer?) -> Int32 {
    Answer.on(descriptor) { socket throws(Errno) in
        let count = try socket.queueLength(on: descriptor, isOutput: request == UInt(TIOCOUTQ))
        guard let argument else { throw .badAddress }
        try CallerMemory.store(count, at: argument)
        return 0
    }
}

/// Whether data may move on a socket that the C half does not know to be connected. 0: receive, 1: send, 2: receive without waiting.
///
/// Answers 1 if what it sends is cut to the length that `longest` tells.
@c(irsock_af_irda_transfer)
public func transferOnSocket(_ descriptor: Int32, direction: Int32) -> Int32 {
    Answer.on(descriptor) { socket throws(Errno) in
        try socket.requireConnection(
            toSend: direction == 1, waits: direction != 2 && !SystemCalls.isNonBlocking(descriptor))
        return socket.isCutting ? 1 : 0
    }
}

/// How long a datagram may be.
@c(irsock_af_irda_longest)
public func measureDatagram(_ descriptor: Int32) -> Int32 {
    Answer.on(descriptor) { socket throws(Errno) in try socket.longestDatagram() }
}

/// How a stream that is over has ended: 0 if in order.
@c(irsock_af_irda_ended)
public func explainEnd(_ descriptor: Int32) -> Int32 {
    Answer.on(descriptor) { socket throws(Errno) in
        try socket.explainEnd()
        return 0
    }
}

/// A descriptor of ours has been copied to another number.
@c(irsock_af_irda_duplicated)
public func noteCopy(_ descriptor: Int32, copy: Int32) -> Int32 {
    LinuxSocket.known.copy(descriptor, to: copy) ? 0 : Answer.notOurs
}

/// A descriptor of ours is about to be closed. Other copies, in this process or another, go on.
@c(irsock_af_irda_closing)
public func noteClosing(_ descriptor: Int32) -> Int32 {
    LinuxSocket.known.remove(descriptor) ? 0 : Answer.notOurs
}

/// A descriptor with our mark has come from somewhere else: through exec, mostly.
@c(irsock_af_irda_adopt)
public func adoptSocket(_ descriptor: Int32) -> Int32 {
    Answer.from { () throws(Errno) in
        try LinuxSocket.adopt(descriptor)
        return 0
    }
}
