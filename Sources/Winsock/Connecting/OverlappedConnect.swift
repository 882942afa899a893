import SocketBackends
import Synchronization

/// A ConnectEx on its way: waits for the end of the attempt, then sends the first data; on the monitor's thread.
final class OverlappedConnect: Sendable {
    let completion: ConnectCompletion
    private let socket: OpenSocket
    private let attempt: ConnectAttempt
    private let bytes: [UInt8]
    private let monitor: ReadinessMonitor
    private let sent = Mutex(0)
    private let operation: String

    init(
        _ attempt: ConnectAttempt, on socket: OpenSocket, sending bytes: [UInt8], completion: ConnectCompletion,
        monitor: ReadinessMonitor, operation: String
    ) {
        self.attempt = attempt
        self.socket = socket
        self.bytes = bytes
        self.completion = completion
        self.monitor = monitor
        self.operation = operation
    }

    /// Waits for the next thing to happen; the end is never told before this returns to the caller of ConnectEx, unless it is closed.
    func proceedWhenWritable() {
        do throws(SocketError) {
            _ = try monitor.watch(socket.backend.descriptor, for: .writable) { [self] news in
                switch news {
                case .ready: proceed()
                case .closed: completion.finish(.failure(aborted))
                }
            }
        } catch {
            completion.finish(.failure(error.code == .WSAENOTSOCK ? aborted : error))
        }
    }

    /// Gives the attempt up, if it has not ended.
    func callOff() {
        guard socket.withState({ $0.lifecycle.abandon(attempt) }) else { return }
        completion.finish(.failure(aborted))
        socket.close()
        monitor.forget(socket.backend.descriptor)
    }

    private func proceed() {
        switch socket.current().outcome(of: attempt) {
        case .goesOn: proceedWhenWritable()
        case .failed(let error): completion.finish(.failure(error))
        case .connected: sendFirstData()
        }
    }

    private func sendFirstData() {
        let bytes = bytes
        do throws(SocketError) {
            while sent.withLock({ $0 }) < bytes.count {
                let already = sent.withLock { $0 }
                let count = try socket.backend.send(bytes.span.bytes.extracting(droppingFirst: already), flags: [])
                sent.withLock { $0 += count }
            }
            completion.finish(.success(bytes.count))
        } catch  where error.code == .WSAEWOULDBLOCK {
            proceedWhenWritable()
        } catch {
            completion.finish(.failure(error.code == .WSAENOTSOCK ? aborted : error))
        }
    }

    private var aborted: SocketError {
        SocketError(
            .WSA_OPERATION_ABORTED, operation: operation, reason: "the attempt was called off, or its socket closed")
    }
}
