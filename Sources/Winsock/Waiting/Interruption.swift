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

    /// Waits until the descriptor is ready in one of these ways, or broken. No lock is held meanwhile (rule R44).
    ///
    /// - Parameters:
    ///   - call: what may call it off, in version 1.
    ///   - hook: what to call meanwhile, in version 1.
    /// - Throws: WSAETIMEDOUT at the deadline; WSAEINTR when the socket is closed by another thread, or the call is called off.
    func wait(
        for descriptor: SharedDescriptor, to be: Readiness, until deadline: ContinuousClock.Instant?,
        in call: BlockingCall?, hook: BlockingCalls.Hook?, operation: @autoclosure () -> String
    ) throws(SocketError) {
        let signal = try sharedSignal(for: operation())
        do throws(SocketError) {
            try descriptor.withDescriptor(for: operation()) { descriptor throws(SocketError) in
                try signal.signal.withDescriptor { signal throws(SocketError) in
                    var watched = [pollfd(descriptor, be), pollfd(signal, .readable)]
                    guard try awaitReadiness(of: &watched, until: deadline, in: call, hook: hook, for: operation())
                    else {
                        throw SocketError(
                            .WSAETIMEDOUT, operation: operation(), reason: "the time that was set is over")
                    }
                }
            }
        } catch  where error.code == .WSAENOTSOCK && isRaised {
            throw interrupted(operation())
        }
        guard !isRaised else { throw interrupted(operation()) }
    }

    private func sharedSignal(for operation: @autoclosure () -> String) throws(SocketError) -> SharedSignal {
        try state.withLock { state throws(SocketError) in
            guard !state.isRaised else { throw interrupted(operation()) }
            if let signal = state.signal { return signal }
            let signal = try SharedSignal(for: operation())
            state.signal = signal
            return signal
        }
    }

    /// WSAEINTR rather than WSAENOTSOCK: there was a socket when the call began, and it was this call that was cut short. Windows tells
    /// it so, too.
    func interrupted(_ operation: @autoclosure () -> String) -> SocketError {
        SocketError(
            .WSAEINTR, operation: operation(), reason: "the socket was closed while the call waited",
            advice: "Another thread called closeSocket or cleanup.")
    }
}
