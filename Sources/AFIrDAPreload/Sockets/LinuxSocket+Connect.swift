import Glibc
import IrDABackend
import IrDAService
import SocketBackends
import SystemPackage

// Connecting.
extension LinuxSocket {
    /// connect(2): finds the LSAP-SEL, waiting for that even on a non-blocking socket, as a kernel did; then starts.
    ///
    /// - Parameters:
    ///   - descriptor: the descriptor that the program used.
    ///   - address: reads the address. After the checks of the socket's state: a connected socket is told so whatever it passes.
    /// - Returns: 0, or that the caller has to wait.
    func connect(on descriptor: Int32, to address: () throws(Errno) -> LinuxIrDAAddress) throws(Errno) -> Int32 {
        guard kind != .ultra else { throw .notSupportedOnSocket }
        if try isAnswered(on: descriptor) { return 0 }
        let address = try address()
        let (device, selector) = try destination(of: address)
        let replacement: OwnedDescriptor?
        do throws(SocketError) {
            replacement = try Station.client().connect(id, to: device, .selector(selector))
        } catch {
            throw LinuxError.ofConnect(error)
        }
        if let replacement { try renew(with: replacement) }
        state {
            $0.phase = .connecting
            $0.pendingError = nil
            $0.peerSelector = selector
        }
        if SystemCalls.isNonBlocking(descriptor) { throw .nowInProgress }
        return Answer.waitToWrite
    }

    /// Whether a connect is answered by what was before it: 0 once for an attempt that has succeeded meanwhile.
    private func isAnswered(on descriptor: Int32) throws(Errno) -> Bool {
        switch state({ $0.phase }) {
        case .idle:
            // An attempt that nobody waited for has failed: that is told once, in one way or another.
            if state({ $0.pendingError.take() }) != nil { throw .connectionRefused }
            return false
        case .listening, .ended: throw .invalidArgument  // A kernel succeeded, and lost the service by it.
        case .connecting:
            switch try refreshConnection() {
            case .connected: return true
            case .connecting: throw .socketIsConnected
            case .idle, .listening, .ended:
                state { $0.pendingError = nil }
                throw .connectionRefused
            }
        case .connected:
            let events = SystemCalls.events(on: descriptor, of: Int32(POLLIN))
            guard events & Int32(POLLHUP | POLLERR) != 0 else { throw .socketIsConnected }
            // The peer has closed: the socket can be used again. A kernel said 0 and had no connection.
            state { $0.phase = .idle }
            return false
        }
    }

    /// The blocking connect's descriptor has turned writable.
    func finishWaiting(on descriptor: Int32) throws(Errno) -> Int32 {
        switch try refreshConnection() {
        case .connected: return 0
        case .connecting: return Answer.waitToWrite
        case .idle, .listening, .ended:
            throw state { $0.pendingError.take() } ?? .connectionReset
        }
    }

    /// Finds out how a connect stands that was under way.
    @discardableResult
    func refreshConnection() throws(Errno) -> SocketState.Phase {
        guard state({ $0.phase }) == .connecting else { return state { $0.phase } }
        // Whichever descriptor it is: the send buffer belongs to the socket behind them all.
        let descriptor = Self.known.descriptors(of: self).first.map { FileDescriptor(rawValue: $0) }
        let outcome = try Self.ask { client throws(SocketError) in try client.outcome(of: id, descriptor: descriptor) }
        switch outcome {
        case .pending: break
        case .connected:
            state { $0.phase = .connected }
            applySendBufferSize()
        case .failed(let error):
            state {
                $0.phase = .idle
                $0.pendingError = LinuxError.ofConnect(error)
            }
        }
        return state { $0.phase }
    }

    /// Puts a new pair's end behind every descriptor of this socket: the old pair is dead.
    private func renew(with replacement: consuming OwnedDescriptor) throws(Errno) {
        let descriptors = Self.known.descriptors(of: self)
        try replacement.withDescriptor { replacement throws(Errno) in
            SocketMark(self).put(on: replacement)
            for descriptor in descriptors {
                let status = try systemCall { fcntl(descriptor, F_GETFL) }
                let flags = try systemCall { fcntl(descriptor, F_GETFD) }
                try systemCall { fcntl(replacement.rawValue, F_SETFL, status) }
                try systemCall { dup2(replacement.rawValue, descriptor) }
                try systemCall { fcntl(descriptor, F_SETFD, flags) }
            }
        }
        for descriptor in descriptors { Self.known.add(descriptor, self) }
    }

    // MARK: Finding the destination

    private static let selectorAttribute = Array("IrDA:TinyTP:LsapSel".utf8)

    private func destination(of address: LinuxIrDAAddress) throws(Errno) -> (device: UInt32, selector: UInt8) {
        if LinuxIrDA.isAnyDevice(address.device) { return try whicheverOffers(address.name) }
        guard try Station.hasDevice(address.device) else { throw .noRouteToHost }
        if address.name.isEmpty {
            // A kernel hung on selector 0, which is the information access service and no program's.
            guard (1..<LinuxIrDA.firstReservedSelector).contains(address.selector) else { throw .addressNotAvailable }
            return (address.device, address.selector)
        }
        guard let selector = try selector(of: address.name, at: address.device) else { throw .addressNotAvailable }
        return (address.device, selector)
    }

    /// Asks every device in range; exactly one must have the service.
    ///
    /// The link to one device has to end before the next can be asked. A kernel did not wait for that, and failed.
    private func whicheverOffers(_ name: [UInt8]) throws(Errno) -> (device: UInt32, selector: UInt8) {
        let devices = try Station.devices(hints: state { $0.hintMask })
        guard !devices.isEmpty else { throw .networkUnreachable }
        var found: (device: UInt32, selector: UInt8)?
        for device in devices {
            guard let selector = try selector(of: name, at: device.address) else { continue }
            guard found == nil else { throw Errno(rawValue: ENOTUNIQ) }
            found = (device.address, selector)
        }
        guard let found else { throw .addressNotAvailable }
        return found
    }

    /// - Returns: nil if the device has no such service.
    private func selector(of name: [UInt8], at device: UInt32) throws(Errno) -> UInt8? {
        guard !name.isEmpty else { return nil }
        switch try Self.query(Self.selectorAttribute, ofClass: name, of: .device(device)) {
        case .integer(let number): return UInt8(exactly: number)
        case .octets, .string, .noSuchClass, .noSuchAttribute: return nil
        }
    }

    /// Asks an information base, and waits for the answer.
    ///
    /// - Throws: EINTR if a signal handler ran meanwhile; EHOSTUNREACH if the device could not be asked.
    static func query(
        _ attribute: [UInt8], ofClass className: [UInt8], of subject: ServiceSubject
    ) throws(Errno) -> ServiceAttribute {
        var patience = linkPatience
        while true {
            do throws(SocketError) {
                return try Station.client().query(attribute, ofClass: className, of: subject)
                    .wait(isInterruptible: true)
            } catch {
                // The link to another device, which ends by itself when nobody uses it.
                guard error.code == .WSAEADDRINUSE, patience > 0 else { throw LinuxError.ofQuery(error) }
            }
            patience -= 1
            guard usleep(linkPause) == 0 else { throw .interrupted }
        }
    }

    /// A link without connections ends after two seconds.
    private static let linkPause: UInt32 = 100_000
    private static let linkPatience = 30
}
