import Glibc
import IrDABackend
import IrDAService
import SocketBackends
import SystemPackage

/// An AF_IRDA socket as Linux programs know it, over a socket of the service.
///
/// The calls are those of Linux's AF_IRDA, with its error numbers and its way of waiting, as they were measured on a kernel; where a
/// kernel was at fault the comment says so.
struct LinuxSocket: Sendable {
    /// What the service calls it. The same in every process.
    let id: ServiceSocketID
    let kind: ServiceSocketKind
    /// What `socket` was called with, for SO_PROTOCOL.
    let protocolNumber: Int32

    /// The sockets of this process.
    static var known: SocketTable { .shared }

    func state<Result>(_ body: (inout SocketState) -> Result) -> Result { Self.known.withState(of: self, body) }

    /// Asks the service something about this socket.
    static func ask<Value: ~Copyable>(
        _ request: (ServiceClient) throws(SocketError) -> Value
    ) throws(Errno) -> Value {
        try LinuxError.translating { () throws(SocketError) in try request(Station.client()) }
    }

    // MARK: Making sockets

    /// socket(2): the checks of the kernel in their order.
    static func make(type: Int32, protocolNumber: Int32) throws(Errno) -> Int32 {
        let flags = type & ~typeMask
        let (isNonBlocking, isClosedOnExec) = try readFlags(flags)
        guard type & typeMask < typeLimit, (0...255).contains(protocolNumber) else { throw .invalidArgument }
        let kind: ServiceSocketKind =
            switch (type & typeMask, protocolNumber) {
            case (SocketType.stream.rawValue, _): .stream
            case (SocketType.sequencedPacket.rawValue, _): .sequencedPacket
            case (SocketType.datagram.rawValue, 0): .unitdata
            case (SocketType.datagram.rawValue, LinuxIrDA.ultra): .ultra
            default: throw .socketTypeNotSupported
            }
        let made: ServiceSocket
        do throws(SocketError) {
            made = try Station.client().open(kind)
        } catch {
            // Without a service the family does not exist, as without the kernel's module.
            if error.code == .WSAENETDOWN || error.code == .WSAEACCES {
                Station.explain(error)
                throw .addressFamilyNotSupported
            }
            throw LinuxError.errno(error)
        }
        let socket = LinuxSocket(id: made.id, kind: kind, protocolNumber: protocolNumber)
        return try socket.handOut(
            made.release(), nonBlocking: isNonBlocking, closedOnExec: isClosedOnExec, state: SocketState())
    }

    /// The bits of the type that are one (SOCK_TYPE_MASK), and the first number that is none (SOCK_MAX).
    private static let typeMask: Int32 = 0xF
    private static let typeLimit: Int32 = 11

    static func readFlags(_ flags: Int32) throws(Errno) -> (nonBlocking: Bool, closedOnExec: Bool) {
        let (nonBlocking, closedOnExec) = (Int32(SOCK_NONBLOCK.rawValue), Int32(SOCK_CLOEXEC.rawValue))
        guard flags & ~(nonBlocking | closedOnExec) == 0 else { throw .invalidArgument }
        return (flags & nonBlocking != 0, flags & closedOnExec != 0)
    }

    /// Gives a descriptor of this socket to the program.
    func handOut(
        _ descriptor: consuming OwnedDescriptor, nonBlocking: Bool, closedOnExec: Bool, state: SocketState
    ) throws(Errno) -> Int32 {
        try descriptor.withDescriptor { descriptor throws(Errno) in
            try SystemCalls.setFlags(of: descriptor, nonBlocking: nonBlocking, closedOnExec: closedOnExec)
            SocketMark(self).put(on: descriptor)
        }
        let number = descriptor.release().rawValue
        Self.known.add(number, self, in: state)
        return number
    }

    /// Takes in a descriptor with our mark that came through exec.
    static func adopt(_ descriptor: Int32) throws(Errno) {
        if known[descriptor] != nil { return }
        guard let mark = SocketMark(of: descriptor) else { throw .notSocket }
        let names = try ask { client throws(SocketError) in try client.names(of: mark.socket.id) }
        var state = SocketState()
        state.localSelector = names.local.knownSelector
        state.isBound = names.local.target != .unspecified
        if case .name(let name) = names.local.target { state.ownClass = name }
        if let peer = names.peer {
            state.peerSelector = peer.knownSelector
            state.phase = .connected
        }
        known.add(descriptor, mark.socket, in: state)
    }

    // MARK: Names

    /// Reads the address that a call was given.
    ///
    /// - Throws: EINVAL for any other length than the structure's, EFAULT for memory that is none.
    static func address(at pointer: UnsafeRawPointer?, length: socklen_t) throws(Errno) -> LinuxIrDAAddress {
        guard length == LinuxIrDAAddress.length else { throw .invalidArgument }
        guard let address = LinuxIrDAAddress(bytes: try CallerMemory.read(Int(length), from: pointer)) else {
            throw .invalidArgument
        }
        return address
    }

    /// Gives an address to a caller, who may have less room for it, and its whole length.
    static func tell(
        _ address: LinuxIrDAAddress, to target: UnsafeMutableRawPointer?, length: UnsafeMutablePointer<socklen_t>?
    ) throws(Errno) {
        guard let length else { throw .badAddress }
        let room = Int32(bitPattern: try CallerMemory.load(socklen_t.self, at: length))
        guard room >= 0 else { throw .invalidArgument }
        try CallerMemory.write(Array(address.bytes.prefix(Int(room))), to: target)
        try CallerMemory.store(socklen_t(LinuxIrDAAddress.length), at: length)
    }

    /// getsockname(2). Like the kernel's, without the name.
    func localAddress() throws(Errno) -> LinuxIrDAAddress {
        let names = try Self.ask { client throws(SocketError) in try client.names(of: id) }
        let selector = state { $0.localSelector } ?? names.local.knownSelector
        return LinuxIrDAAddress(selector: selector ?? LinuxIrDA.anySelector, device: names.local.device)
    }

    /// getpeername(2).
    func peerAddress() throws(Errno) -> LinuxIrDAAddress {
        try refreshConnection()
        guard state({ $0.phase }) == .connected else { throw .socketNotConnected }
        let names = try Self.ask { client throws(SocketError) in try client.names(of: id) }
        guard let peer = names.peer else { throw .socketNotConnected }
        let selector = state { $0.peerSelector } ?? peer.knownSelector
        return LinuxIrDAAddress(selector: selector ?? LinuxIrDA.anySelector, device: peer.device)
    }

    // MARK: Taking connections

    /// bind(2). The family is not looked at; a name that another socket has is fine.
    func bind(to address: LinuxIrDAAddress) throws(Errno) {
        guard !state({ $0.isBound }) else { throw .resourceBusy }
        let target: ServiceTarget =
            switch (address.name.isEmpty, address.selector) {
            // A kernel refused every number with ENOMEM, and with it programs that leave the number at zero beside a name.
            case (false, _): .name(address.name)
            case (true, LinuxIrDA.anySelector), (true, 0): .unspecified
            case (true, 1..<LinuxIrDA.firstReservedSelector): .selector(address.selector)
            case (true, _): throw .addressNotAvailable
            }
        let selector = try Self.ask { client throws(SocketError) in try client.bind(id, to: target) }
        state {
            $0.isBound = true
            $0.localSelector = selector
            $0.ownClass = address.name
        }
    }

    /// listen(2). A socket without a name takes connections, too.
    func listen(backlog: Int) throws(Errno) {
        guard kind != .ultra, state({ $0.phase }) == .idle else { throw .notSupportedOnSocket }
        try Self.ask { client throws(SocketError) in try client.listen(id, backlog: backlog) }
        state { $0.phase = .listening }
    }

    /// accept4(2).
    func accept(
        on descriptor: Int32, flags: Int32, address: UnsafeMutableRawPointer?, length: UnsafeMutablePointer<socklen_t>?
    ) throws(Errno) -> Int32 {
        let (nonBlocking, closedOnExec) = try Self.readFlags(flags)
        guard kind != .ultra else { throw .notSupportedOnSocket }
        switch state({ $0.phase }) {
        case .connecting, .connected, .ended: throw .invalidArgument
        case .idle, .listening: break  // Another process may have called listen.
        }
        let accepted = try Self.ask { client throws(SocketError) in
            try client.accept(id, descriptor: FileDescriptor(rawValue: descriptor))
        }
        guard let accepted else {
            if SystemCalls.isNonBlocking(descriptor) { throw .resourceTemporarilyUnavailable }
            return Answer.waitToRead
        }
        let peer = accepted.peer
        let connection = accepted.release()
        let socket = LinuxSocket(id: connection.id, kind: kind, protocolNumber: protocolNumber)
        var state = SocketState()
        state.phase = .connected
        state.localSelector = self.state { $0.localSelector }
        state.peerSelector = peer.knownSelector
        if address != nil {
            try Self.tell(
                LinuxIrDAAddress(selector: state.peerSelector ?? LinuxIrDA.anySelector, device: peer.device),
                to: address, length: length)
        }
        return try socket.handOut(
            connection.release(), nonBlocking: nonBlocking, closedOnExec: closedOnExec, state: state)
    }
}

extension ServiceSocketNames.End {
    /// The LSAP-SEL; nil where none is known.
    fileprivate var knownSelector: UInt8? { selector == 0 ? nil : selector }
}
