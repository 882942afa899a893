import Glibc
import SocketBackends
import Synchronization
import SystemPackage

/// The peer of a datagram socket.
enum DatagramPeer: Hashable, Sendable {
    /// There has never been one.
    case none
    case set(InternetAddress)
    /// There was one, and it was taken away (rule R42).
    case dissolved
}

extension InternetSocket {
    /// Rule R38: sets the default destination. What happens to the datagrams that wait is the matter of rule R40 and decision D3.
    func setPeer(to address: SocketAddress) throws(SocketError) -> ConnectProgress {
        if Self.isNobody(address) { return try dissolve() }  // rule R42, decision D2
        let peer = try usable(address, for: "connect to")  // rules R7, R8, R9
        if peer.isZero { return try dissolve() }
        func operation() -> String { "connect to \(peer)" }
        try bindIfNeeded(for: operation())
        try state.withLock { state throws(SocketError) in
            // Rules R21, R42c: without SO_BROADCAST the kernel answers EACCES to a broadcast address. Rule R42b: any port will do, 0 too.
            try call(operation(), as: .connect) { descriptor throws(Errno) in
                switch state.peer {
                case .none:
                    try connectDatagrams(descriptor, to: peer)
                    state.mayHoldStrangers = true
                    skipStrangers(of: peer, descriptor, &state)
                case .set(let former) where former.isSameEndpoint(as: peer):
                    try connectDatagrams(descriptor, to: peer)
                case .set(let former):
                    try discardingQueue(descriptor, &state) { () throws(Errno) in
                        try change(descriptor, from: former, to: peer)
                    }
                case .dissolved:
                    try discardingQueue(descriptor, &state) { () throws(Errno) in
                        try connectDatagrams(descriptor, to: peer)
                    }
                }
            }
            state.peer = .set(peer)
        }
        return .connected
    }

    /// An all-zero `sockaddr` of AF_UNSPEC, of either version's length: the usual way to take a peer away, in programs for both systems.
    private static func isNobody(_ address: SocketAddress) -> Bool {
        address.family == .unspecified && address.bytes.count >= MemoryLayout<sockaddr>.size
            && address.bytes.allSatisfy { $0 == 0 }
    }

    /// Rule R42: no peer any more; the local port stays (decision D23).
    private func dissolve() throws(SocketError) -> ConnectProgress {
        let operation = "take the peer of a datagram socket away"
        try bindIfNeeded(for: operation)
        try state.withLock { state throws(SocketError) in
            try call(operation, as: .connect) { descriptor throws(Errno) in
                switch state.peer {
                case .none, .dissolved:
                    try disconnect(descriptor)
                case .set:
                    try discardingQueue(descriptor, &state) { () throws(Errno) in try disconnect(descriptor) }
                    state.peer = .dissolved
                }
            }
        }
        return .dissolved
    }

    /// Puts another peer in the place of the former one, or leaves everything as it was.
    private func change(
        _ descriptor: FileDescriptor, from former: InternetAddress, to peer: InternetAddress
    ) throws(Errno) {
        // The kernel chooses the local address that leads to a peer only while there is none.
        try disconnect(descriptor)
        do throws(Errno) {
            try connectDatagrams(descriptor, to: peer)
        } catch {
            try? connectDatagrams(descriptor, to: former)
            throw error
        }
    }

    private func connectDatagrams(_ descriptor: FileDescriptor, to peer: InternetAddress) throws(Errno) {
        try systemCall { peer.withKernelAddress { system.calls.connect(descriptor.rawValue, $0, $1) } }
    }

    // MARK: - Datagrams that wait

    /// Rule R40: changes the peer while nothing arrives, and empties the queue if that succeeds.
    ///
    /// What arrives meanwhile is lost, which UDP permits.
    private func discardingQueue(
        _ descriptor: FileDescriptor, _ state: inout State, _ change: () throws(Errno) -> Void
    ) throws(Errno) {
        try refuseArrivals(descriptor)
        do throws(Errno) {
            try change()
        } catch {
            try? admitArrivals(descriptor)
            throw error
        }
        emptyQueue(descriptor)
        state.mayHoldStrangers = false
        state.owedError = nil
        try admitArrivals(descriptor)
    }

    /// A packet filter of one instruction, which lets nothing in.
    private func refuseArrivals(_ descriptor: FileDescriptor) throws(Errno) {
        var instruction = FilterInstruction(code: FilterInstruction.returnConstant)
        try withUnsafeMutablePointer(to: &instruction) { instruction throws(Errno) in
            var program = FilterProgram(count: 1, instructions: instruction)
            try systemCall {
                system.calls.setsockopt(
                    descriptor.rawValue, SOL_SOCKET, SO_ATTACH_FILTER, &program,
                    socklen_t(MemoryLayout<FilterProgram>.size))
            }
        }
    }

    private func admitArrivals(_ descriptor: FileDescriptor) throws(Errno) {
        var nothing: Int32 = 0
        try systemCall {
            system.calls.setsockopt(
                descriptor.rawValue, SOL_SOCKET, SO_DETACH_FILTER, &nothing, socklen_t(MemoryLayout<Int32>.size))
        }
    }

    private func emptyQueue(_ descriptor: FileDescriptor) {
        // The first error may be one that the former peer has left; the second says that the queue is empty.
        var errors = 0
        while errors < 2 {
            do throws(Errno) {
                _ = try discardDatagram(descriptor)
            } catch .resourceTemporarilyUnavailable {
                return
            } catch {
                errors += 1
            }
        }
    }

    /// Rules R39, R39a, decision D3: throws away what strangers had sent before there was a peer, up to the first datagram of the peer,
    /// so that the descriptor is readable only if there is something to receive.
    func skipStrangers(of peer: InternetAddress, _ descriptor: FileDescriptor, _ state: inout State) {
        while true {
            do throws(Errno) {
                let first = try discardDatagram(descriptor, flags: Int32(MSG_PEEK))
                if let first, !first.mayComeFrom(peer) {
                    _ = try discardDatagram(descriptor)
                } else {
                    return
                }
            } catch .resourceTemporarilyUnavailable {
                state.mayHoldStrangers = false
                return
            } catch {
                state.owedError = error
                return
            }
        }
    }

    /// Takes a datagram, or looks at it, without its bytes; answers where it came from.
    func discardDatagram(_ descriptor: FileDescriptor, flags: Int32 = 0) throws(Errno) -> InternetAddress? {
        var storage = sockaddr_storage()
        try systemCall {
            storage.fill { source, length in
                var message = msghdr()
                message.msg_name = UnsafeMutableRawPointer(source)
                message.msg_namelen = length.pointee
                return system.calls.recvmsg(descriptor.rawValue, &message, flags)
            }
        }
        return InternetAddress(storage, version: version)
    }
}

/// `struct sock_filter` of linux/filter.h.
private struct FilterInstruction {
    /// BPF_RET | BPF_K: answer `constant`, the number of bytes to let through.
    static let returnConstant: UInt16 = 0x06

    var code: UInt16
    var jumpIfTrue: UInt8 = 0
    var jumpIfFalse: UInt8 = 0
    var constant: UInt32 = 0
}

/// `struct sock_fprog` of linux/filter.h.
private struct FilterProgram {
    var count: UInt16
    var instructions: UnsafeMutablePointer<FilterInstruction>
}
