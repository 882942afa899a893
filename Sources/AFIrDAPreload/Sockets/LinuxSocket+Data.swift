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

    /// FIONREAD: the bytes that can be read; TIOCOUTQ: the room for bytes to be sent.
    func queueLength(on descriptor: Int32, isOutput: Bool) throws(Errno) -> Int32 {
        let isConnected = try refreshConnection() == .connected
        if isOutput {
            let size = try SystemCalls.intOption(SO_SNDBUF, of: descriptor)
            let queued = isConnected ? try SystemCalls.queueLength(UInt(TIOCOUTQ), of: descriptor) : 0
            return max(0, size - queued)
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
