import Glibc
import SocketBackends
import Synchronization
import SystemPackage

/// A socket of the kernel, as the backend sees it.
final class KernelEndpoint: IrDAEndpoint {
    private struct Attempt: Sendable {
        /// What the connect goes to.
        var destination: LinuxIrDAAddress
        var operation: String
        var outcome: Result<Void, SocketError>?
    }

    let descriptor: SharedDescriptor
    private let attempt: Mutex<Attempt?>

    /// Takes a fresh socket.
    init(_ descriptor: SharedDescriptor) {
        self.descriptor = descriptor
        attempt = Mutex(nil)
    }

    /// Takes a socket that has been accepted.
    private init(accepted descriptor: SharedDescriptor, from peer: LinuxIrDAAddress) {
        self.descriptor = descriptor
        attempt = Mutex(Attempt(destination: peer, operation: "accept", outcome: .success(())))
    }

    /// Runs system calls on the descriptor; their error goes through `translate`.
    private func call<Value>(
        _ operation: String, _ translate: (Errno) -> SocketError,
        _ body: (FileDescriptor) throws(Errno) -> Value
    ) throws(SocketError) -> Value {
        try descriptor.withDescriptor(for: operation) { descriptor throws(SocketError) in
            do throws(Errno) {
                return try body(descriptor)
            } catch {
                throw translate(error)
            }
        }
    }

    private func call<Value>(
        _ operation: String, _ body: (FileDescriptor) throws(Errno) -> Value
    ) throws(SocketError) -> Value {
        try call(operation, { SocketError($0, operation: operation) }, body)
    }

    var unsentCount: Int {
        get throws(SocketError) {
            try call("count what is on its way") { descriptor throws(Errno) in
                try KernelCalls.unsentCount(of: descriptor)
            }
        }
    }

    // MARK: Connecting

    func connect(to device: IrDADeviceID, service: IrDAServiceName, exclusively: Bool) throws(SocketError) {
        let operation = "connect to \(IrDAAddress(device: device, service: service))"
        guard !exclusively else {  // rule R50
            throw SocketError(
                .WSAEISCONN, operation: operation, reason: "the kernel cannot give a link to one connection alone",
                advice: "Do without IRLMP_EXCLUSIVE_MODE.")
        }
        let destination = LinuxIrDAAddress(service: service, device: device)
        let outcome = try call(operation, { SocketError(kernelConnect: $0, operation: operation) }) {
            descriptor throws(Errno) -> Result<Void, SocketError>? in
            do throws(Errno) {
                try KernelCalls.connect(descriptor, to: destination)
                return .success(())
            } catch {
                guard error == .nowInProgress || error == .interrupted else { throw error }
                return nil
            }
        }
        attempt.withLock { $0 = Attempt(destination: destination, operation: operation, outcome: outcome) }
    }

    var connectOutcome: Result<Void, SocketError>? {
        attempt.withLock { attempt in
            guard let known = attempt else { return nil }
            if known.outcome == nil { attempt?.outcome = look(for: known) }
            return attempt?.outcome
        }
    }

    /// A kernel tells how a connect has ended to who connects again: once 0, or the error; SO_ERROR stays 0.
    private func look(for attempt: Attempt) -> Result<Void, SocketError>? {
        do throws(SocketError) {
            let isOver = try call(attempt.operation, { SocketError(kernelConnect: $0, operation: attempt.operation) }) {
                descriptor throws(Errno) in
                var entry = pollfd(fd: descriptor.rawValue, events: Int16(POLLOUT), revents: 0)
                guard try systemCall({ poll(&entry, 1, 0) }) > 0 else { return false }
                do throws(Errno) {
                    try KernelCalls.connect(descriptor, to: attempt.destination)
                } catch {
                    if error == .nowInProgress || error == .alreadyInProcess { return false }
                    guard error == .socketIsConnected else { throw error }
                }
                return true
            }
            return isOver ? .success(()) : nil
        } catch {
            return .failure(error)
        }
    }

    // MARK: Taking connections

    func bind(to service: IrDAServiceName) throws(SocketError) -> UInt8 {
        try call("bind to \(service)") { descriptor throws(Errno) in
            try KernelCalls.bind(descriptor, to: LinuxIrDAAddress(service: service, device: .none))
            return try KernelCalls.localAddress(of: descriptor).selector
        }
    }

    func listen(backlog: Int) throws(SocketError) {
        try call("listen") { descriptor throws(Errno) in
            _ = try systemCall { Glibc.listen(descriptor.rawValue, Int32(clamping: backlog)) }
        }
    }

    func accept() throws(SocketError) -> (endpoint: any IrDAEndpoint, device: IrDADeviceID)? {
        try descriptor.withDescriptor(for: "accept a connection") { descriptor throws(SocketError) in
            do throws(Errno) {
                let (accepted, peer) = try KernelCalls.accept(descriptor)
                return (
                    KernelEndpoint(accepted: SharedDescriptor(OwnedDescriptor(accepted)), from: peer),
                    IrDADeviceID(rawValue: peer.device)
                )
            } catch {
                guard error == .resourceTemporarilyUnavailable else {
                    throw SocketError(error, operation: "accept a connection")
                }
                return nil
            }
        }
    }

    // MARK: Options and names

    /// What a program may put into one PDU of TinyTP.
    var sendPDULength: Int? {
        get throws(SocketError) {
            guard case .success = connectOutcome else { return nil }
            let length = try call("read the length of a PDU") { descriptor throws(Errno) in
                try KernelCalls.option(.maxSDUSize, of: descriptor, OptionValue(Int32(0)).bytes)
            }
            return Int(try OptionValue(bytes: length).integer(Int32.self, for: "read the length of a PDU"))
        }
    }

    /// The kernel refuses an attribute that is there: it goes first.
    func setAttribute(_ attribute: String, ofClass className: String, to value: IASAnswer) throws(SocketError) {
        var block = LinuxIASBlock(className: Array(className.utf8), attribute: Array(attribute.utf8))
        let name = block.bytes
        block.setValue(value)
        let whole = block.bytes
        try call("set \(attribute) of \(className)") { descriptor throws(Errno) in
            do throws(Errno) {
                try KernelCalls.setOption(.iasSet, of: descriptor, to: whole)
            } catch {
                guard error == .invalidArgument else { throw error }
                try KernelCalls.setOption(.iasDelete, of: descriptor, to: name)
                try KernelCalls.setOption(.iasSet, of: descriptor, to: whole)
            }
        }
    }

    func removeAttribute(_ attribute: String, ofClass className: String) throws(SocketError) {
        let block = LinuxIASBlock(className: Array(className.utf8), attribute: Array(attribute.utf8))
        try call("remove \(attribute) of \(className)") { descriptor throws(Errno) in
            try KernelCalls.setOption(.iasDelete, of: descriptor, to: block.bytes)
        }
    }

    func setHints(_ hints: UInt16) throws(SocketError) {
        try call("set hints") { descriptor throws(Errno) in
            try KernelCalls.setOption(.hintsSet, of: descriptor, to: OptionValue(Int32(hints)).bytes)
        }
    }

    /// The kernel does not tell a lost link from one that was closed.
    var failure: SocketError? { nil }

    var localDevice: IrDADeviceID {
        let address = try? call("read the local address") { descriptor throws(Errno) in
            try KernelCalls.localAddress(of: descriptor)
        }
        return IrDADeviceID(rawValue: address?.device ?? 0)
    }

    func close() {
        descriptor.close()
    }
}

extension LinuxIrDAAddress {
    /// Winsock's way of naming a service, in Linux's.
    init(service: IrDAServiceName, device: IrDADeviceID) {
        switch service {
        case .name(let name): self.init(device: device.rawValue, name: Array(name.utf8))
        case .selector(let selector): self.init(selector: selector, device: device.rawValue)
        case .unspecified: self.init(device: device.rawValue)
        }
    }
}
