import Glibc
import IrDAService
import SocketBackends
import SystemPackage

// What calls for data ask where the kernel's AF_UNIX would answer something else than AF_IRDA.
extension LinuxSocket {
    /// - Parameters:
    ///   - toSend: whether data is to be sent.
    ///   - waits: whether the call may wait.
    /// - Throws: ENOTCONN without a connection; EAGAIN where a receiver does not want to wait, EINVAL where it listens.
    func requireConnection(toSend: Bool, waits: Bool) throws(Errno) {
        if kind == .ultra { return }
        switch try refreshConnection() {
        case .connected: return
        case .listening where !toSend: throw .invalidArgument
        case .idle, .listening, .connecting, .ended:
            throw !toSend && !waits ? .resourceTemporarilyUnavailable : .socketNotConnected
        }
    }

    /// Whether a datagram that is too long is cut, as a kernel did.
    var isCutting: Bool {
        switch kind {
        case .unitdata, .ultra: true
        case .stream, .sequencedPacket: false
        }
    }

    /// How long a datagram may be; one without a connection is refused elsewhere.
    func longestDatagram() throws(Errno) -> Int32 {
        let units = try Self.ask { client throws(SocketError) in try client.transferUnits(of: id) }
        // Unit data goes in one PDU (facts on Linux, socket types).
        return Int32(clamping: kind == .ultra ? units.maximumSDU : units.pduLength)
    }

    /// How a stream that is over has ended.
    ///
    /// The peer's orderly close is the end of the stream: a kernel said ENOTCONN to it as to everything, and EAGAIN for ever to who
    /// did not want to wait.
    ///
    /// - Throws: ENOTCONN if the link was lost or the service is away.
    func explainEnd() throws(Errno) {
        if state({ $0.phase }) == .ended { return }
        do throws(SocketError) {
            if try Station.client().failure(of: id) == nil { return }
        } catch {}
        throw .socketNotConnected
    }

    /// shutdown(2): both directions, whatever it is asked for; TinyTP knows no other.
    func shutDown(on descriptor: Int32) throws(Errno) {
        switch try refreshConnection() {
        case .connected, .listening: state { $0.phase = .ended }
        case .idle, .connecting, .ended: return
        }
        // A stream whose peer has gone is shut down already.
        _ = Glibc.shutdown(descriptor, Int32(SHUT_RDWR))
    }

    /// FIONREAD: the bytes that can be read; TIOCOUTQ: the room for bytes to be sent, of the send buffer what is not taken by data
    /// that the peer has not acknowledged.
    func queueLength(on descriptor: Int32, isOutput: Bool) throws(Errno) -> Int32 {
        let isConnected = try refreshConnection() == .connected
        if isOutput {
            let size = try SystemCalls.intOption(SO_SNDBUF, of: descriptor)
            guard isConnected else { return size }
            let queued = try SystemCalls.queueLength(UInt(TIOCOUTQ), of: descriptor)
            // Where the connection has ended meanwhile nothing waits for an acknowledgement.
            let taken = (try? Station.client().transferUnits(of: id).unsent) ?? 0
            return max(0, Int32(clamping: Int64(size) - Int64(queued) - Int64(taken)))
        }
        // Without a connection what lies there is not the program's: the token of one that waits to be accepted.
        return isConnected ? try SystemCalls.queueLength(UInt(FIONREAD), of: descriptor) : 0
    }

    func applySendBufferSize() {
        guard let size = state({ $0.sendBufferSize.take() }) else { return }
        for descriptor in Self.known.descriptors(of: self).prefix(1) {
            try? SystemCalls.setIntOption(SO_SNDBUF, of: descriptor, to: size)
        }
    }
}
