import Glibc
import SocketBackends
import Synchronization
import SystemPackage

/// Lets blocking calls on one socket wait, and ends their waiting when the socket is closed.
final class Interruption: Sendable {
    private struct State {
        var isRaised = false
        /// Made for the first call that waits; most sockets never need it.
        var signal: SharedSignal?
    }

    /// A signal that outlives the socket as long as a thread polls it.
    private final class SharedSignal: Sendable {
        let signal: Signal
        init(_ signal: consuming Signal) { self.signal = signal }
    }

    private let state = Mutex(State())

    /// Ends all waiting, now and later.
    func raise() {
        let signal = state.withLock { state in
            state.isRaised = true
            return state.signal
        }
        signal?.signal.raise()
    }

    var isRaised: Bool { state.withLock { $0.isRaised } }

    /// Waits until the descriptor is ready in one of these ways, or broken. No lock is held meanwhile (rule R44), and a signal handler that
    /// runs in between is not noticed (rule R43).
    ///
    /// - Throws: WSAETIMEDOUT at the deadline; WSAEINTR when the socket is closed by another thread.
    func wait(
        for descriptor: SharedDescriptor, to be: Readiness, until deadline: ContinuousClock.Instant?, operation: String
    ) throws(SocketError) {
        let signal = try sharedSignal(for: operation)
        do throws(SocketError) {
            try descriptor.withDescriptor(for: operation) { descriptor throws(SocketError) in
                try signal.signal.withDescriptor { signal throws(SocketError) in
                    try Self.poll(descriptor, be, signal, until: deadline, operation)
                }
            }
        } catch  where error.code == .WSAENOTSOCK && isRaised {
            throw interrupted(operation)
        }
        guard !isRaised else { throw interrupted(operation) }
    }

    private func sharedSignal(for operation: String) throws(SocketError) -> SharedSignal {
        try state.withLock { state throws(SocketError) in
            guard !state.isRaised else { throw interrupted(operation) }
            if let signal = state.signal { return signal }
            let signal = SharedSignal(try Signal(for: operation))
            state.signal = signal
            return signal
        }
    }

    /// WSAEINTR rather than WSAENOTSOCK: there was a socket when the call began, and it was this call that was cut short. Windows tells
    /// it so, too.
    func interrupted(_ operation: String) -> SocketError {
        SocketError(
            .WSAEINTR, operation: operation, reason: "the socket was closed while the call waited",
            advice: "Another thread called closeSocket or cleanup.")
    }

    private static func poll(
        _ descriptor: FileDescriptor, _ readiness: Readiness, _ signal: FileDescriptor,
        until deadline: ContinuousClock.Instant?, _ operation: String
    ) throws(SocketError) {
        var watched = [
            pollfd(fd: descriptor.rawValue, events: readiness.pollEvents, revents: 0),
            pollfd(fd: signal.rawValue, events: Readiness.readable.pollEvents, revents: 0),
        ]
        while true {
            let patience = deadline.map { millisecondsLeft(until: $0) } ?? -1
            do throws(Errno) {
                let ready = try systemCall(restarting: false) {
                    Glibc.poll(&watched, nfds_t(watched.count), patience)
                }
                if ready > 0 { return }
            } catch .interrupted {
                continue  // rule R43; the time that is left is reckoned anew
            } catch {
                throw SocketError(error, operation: operation)
            }
            if let deadline, deadline <= .now {
                throw SocketError(.WSAETIMEDOUT, operation: operation, reason: "the time that was set is over")
            }
        }
    }

    /// Rounded up, so that nobody looks before the time has come; at most what poll(2) takes.
    private static func millisecondsLeft(until deadline: ContinuousClock.Instant) -> Int32 {
        let left = ContinuousClock.now.duration(to: deadline)
        guard left > .zero else { return 0 }
        let (seconds, attoseconds) = left.components
        guard seconds < Int64(Int32.max) / 1000 else { return Int32.max }
        return Int32(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
