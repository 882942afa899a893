import Glibc
package import SocketBackends
import Synchronization
package import SystemPackage

/// A kernel that has a family which this machine's may not have: its sockets are TCP sockets of the loopback interface under other names.
///
/// So the descriptors, their readiness and the life of a connection are real; what is made up is the addresses, the errors that the test
/// asks for, and the options of the family, which are only noted.
package final class LoopbackKernel: Sendable {
    /// What a `sockaddr` of the family is like.
    package struct Names: Sendable {
        /// Linux' number of the family.
        package var family: Int32
        /// That of a socket without one, as getsockname answers it.
        package var none: [UInt8]
        /// Makes a bind's wish definite: number is always another one.
        package var bound: @Sendable (_ wish: [UInt8], _ number: Int) -> [UInt8]
        /// What an address is called when it is connected to, if that differs from what it was bound to.
        package var target: @Sendable (_ address: [UInt8]) -> [UInt8]

        package init(
            family: Int32, none: [UInt8], bound: @escaping @Sendable ([UInt8], Int) -> [UInt8],
            target: @escaping @Sendable ([UInt8]) -> [UInt8] = { $0 }
        ) {
            self.family = family
            self.none = none
            self.bound = bound
            self.target = target
        }
    }

    /// What happens to those who connect to an address.
    package enum Fate: Sendable {
        /// The attempt goes on, and then fails so.
        case fails(Errno)
        /// It fails at once.
        case refused(Errno)
        /// Nothing ever happens.
        case silence
    }

    private struct State {
        var ports: [[UInt8]: UInt16] = [:]
        var names: [UInt16: [UInt8]] = [:]
        var fates: [[UInt8]: Fate] = [:]
        var errors: [Int32: Errno] = [:]
        /// What keeps a silent attempt's descriptor from being ready.
        var silentEnds: [Int32] = []
        var options: [String] = []
        var count = 0
    }

    private let state = Mutex(State())
    private let names: Names
    private let refusal: Errno
    private let isThere: Bool

    /// - Parameters:
    ///   - names: the family.
    ///   - refusal: the error of a connect to an address at which nobody listens.
    ///   - isThere: whether the kernel has the family at all.
    package init(_ names: Names, refusal: Errno = .connectionRefused, isThere: Bool = true) {
        self.names = names
        self.refusal = refusal
        self.isThere = isThere
    }

    deinit {
        state.withLock { state in for end in state.silentEnds { close(end) } }
    }

    /// Says what happens to those who connect to this address.
    package func set(_ fate: Fate, of address: [UInt8]) {
        state.withLock { $0.fates[names.target(address)] = fate }
    }

    /// The options of levels other than SOL_SOCKET that were set: `274/4=0200`.
    package var options: [String] { state.withLock { $0.options } }

    /// The calls of this kernel.
    package var calls: SystemCalls {
        let linux = SystemCalls()
        var calls = linux
        calls.socket = { family, type, _ in
            guard self.isThere, family == self.names.family else { return fail(.addressFamilyNotSupported) }
            return linux.socket(AF_INET, type, 0)
        }
        calls.bind = { descriptor, address, length in self.bind(descriptor, bytes(address, length)) }
        calls.connect = { descriptor, address, length in self.connect(descriptor, bytes(address, length)) }
        calls.accept = { descriptor, address, length in
            var peer = sockaddr_in()
            let accepted = peer.fill { linux.accept(descriptor, $0, $1) }
            if accepted != -1 { write(self.name(of: peer), address, length) }
            return accepted
        }
        calls.getsockname = { descriptor, address, length in
            var local = sockaddr_in()
            let answer = local.fill { linux.getsockname(descriptor, $0, $1) }
            if answer != -1 { write(self.name(of: local), address, length) }
            return answer
        }
        calls.getpeername = { descriptor, address, length in
            var peer = sockaddr_in()
            let answer = peer.fill { linux.getpeername(descriptor, $0, $1) }
            if answer != -1 { write(self.name(of: peer), address, length) }
            return answer
        }
        calls.getsockopt = { descriptor, level, name, value, length in
            if level == SOL_SOCKET, name == SO_ERROR,
                let error = self.state.withLock({ $0.errors.removeValue(forKey: descriptor) })
            {
                value?.storeBytes(of: error.rawValue, as: Int32.self)
                return 0
            }
            return linux.getsockopt(descriptor, level, name, value, length)
        }
        calls.setsockopt = { descriptor, level, name, value, length in
            guard level != SOL_SOCKET else { return linux.setsockopt(descriptor, level, name, value, length) }
            let digits = UnsafeRawBufferPointer(start: value, count: Int(length)).map { byte in
                (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
            self.state.withLock { $0.options.append("\(level)/\(name)=\(digits.joined())") }
            return 0
        }
        return calls
    }

    private func name(of address: sockaddr_in) -> [UInt8] {
        state.withLock { $0.names[UInt16(bigEndian: address.sin_port)] } ?? names.none
    }

    private func bind(_ descriptor: Int32, _ wish: [UInt8]) -> Int32 {
        let name = state.withLock { state in
            state.count += 1
            return names.bound(wish, state.count)
        }
        if let port = state.withLock({ $0.ports[names.target(name)] }), isTaken(port) { return fail(.addressInUse) }
        var local = sockaddr_in(port: 0)
        guard local.pass({ Glibc.bind(descriptor, $0, $1) }) == 0 else { return -1 }
        guard local.fill({ Glibc.getsockname(descriptor, $0, $1) }) == 0 else { return -1 }
        let port = UInt16(bigEndian: local.sin_port)
        state.withLock { state in
            state.ports[names.target(name)] = port
            state.names[port] = name
        }
        return 0
    }

    /// Whether a socket still has this port; closing a socket goes past this kernel.
    private func isTaken(_ port: UInt16) -> Bool {
        let probe = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(probe) }
        // Not kept by connections that have ended.
        var yes: Int32 = 1
        setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var local = sockaddr_in(port: port)
        return local.pass { Glibc.bind(probe, $0, $1) } != 0
    }

    private func connect(_ descriptor: Int32, _ address: [UInt8]) -> Int32 {
        let target = names.target(address)
        switch state.withLock({ $0.fates[target] }) {
        case .refused(let error): return fail(error)
        case .fails(let error): return failLater(descriptor, error)
        case .silence: return beSilent(descriptor)
        case nil: break
        }
        guard let port = state.withLock({ $0.ports[target] }) else { return failLater(descriptor, refusal) }
        guard restore(descriptor) else { return -1 }
        var local = sockaddr_in()
        if local.fill({ Glibc.getsockname(descriptor, $0, $1) }) == 0, local.sin_port == 0 {
            guard bind(descriptor, names.none) == 0 else { return -1 }
        }
        var peer = sockaddr_in(port: port)
        let answer = peer.pass { Glibc.connect(descriptor, $0, $1) }
        // A listener that is gone; its name is not used again.
        if answer == -1, errno == ECONNREFUSED { return failLater(descriptor, refusal) }
        return answer
    }

    /// The descriptor turns ready at once, with an error behind it.
    private func failLater(_ descriptor: Int32, _ error: Errno) -> Int32 {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0 else { return -1 }
        close(ends[1])
        state.withLock { $0.errors[descriptor] = error }
        return put(ends[0], in: descriptor)
    }

    /// Makes a socket of the family again of one that has failed.
    private func restore(_ descriptor: Int32) -> Bool {
        var domain: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_DOMAIN, &domain, &length) == 0 else { return false }
        guard domain != AF_INET else { return true }
        let fresh = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        return fresh != -1 && put(fresh, in: descriptor) == -1 && errno == EINPROGRESS
    }

    /// The descriptor is not ready for anything: its send buffer is full, and nobody reads.
    private func beSilent(_ descriptor: Int32) -> Int32 {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0, &ends) == 0 else {
            return -1
        }
        var least: Int32 = 0
        setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &least, socklen_t(MemoryLayout<Int32>.size))
        let filler = [UInt8](repeating: 0, count: 256)
        while send(ends[0], filler, filler.count, Int32(MSG_NOSIGNAL)) > 0 {}
        state.withLock { $0.silentEnds.append(ends[1]) }
        return put(ends[0], in: descriptor)
    }

    private func put(_ end: Int32, in descriptor: Int32) -> Int32 {
        guard dup2(end, descriptor) != -1 else { return -1 }
        close(end)
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        return fail(.nowInProgress)
    }
}

private func fail(_ error: Errno) -> Int32 {
    errno = error.rawValue
    return -1
}

private func bytes(_ address: UnsafePointer<sockaddr>, _ length: socklen_t) -> [UInt8] {
    Array(UnsafeRawBufferPointer(start: address, count: Int(length)))
}

private func write(
    _ bytes: [UInt8], _ address: UnsafeMutablePointer<sockaddr>, _ length: UnsafeMutablePointer<socklen_t>
) {
    let room = UnsafeMutableRawBufferPointer(start: address, count: Int(length.pointee))
    room.copyBytes(from: bytes.prefix(room.count))
    length.pointee = socklen_t(bytes.count)
}

extension sockaddr_in {
    fileprivate init(port: UInt16) {
        self.init()
        sin_family = sa_family_t(AF_INET)
        sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        sin_port = port.bigEndian
    }

    fileprivate mutating func pass(_ call: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        withUnsafePointer(to: &self) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { call($0, socklen_t(MemoryLayout<Self>.size)) }
        }
    }

    fileprivate mutating func fill(
        _ call: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
    ) -> Int32 {
        var length = socklen_t(MemoryLayout<Self>.size)
        return withUnsafeMutablePointer(to: &self) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { call($0, &length) }
        }
    }
}
