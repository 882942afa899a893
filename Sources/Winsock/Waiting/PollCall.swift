import Glibc
import SocketBackends
import SystemPackage

/// Waits with poll(2) until a descriptor is ready, and fills in how; false at the deadline. A signal handler that runs in between is not
/// noticed (rule R43).
///
/// - Parameter deadline: nil for ever; one that has passed for a look without waiting.
func awaitReadiness(
    of watched: inout [pollfd], until deadline: ContinuousClock.Instant?, for operation: @autoclosure () -> String
) throws(SocketError) -> Bool {
    while true {
        let patience = deadline.map { millisecondsLeft(until: $0) } ?? -1
        do throws(Errno) {
            let ready = try systemCall(restarting: false) { poll(&watched, nfds_t(watched.count), patience) }
            if ready > 0 { return true }
        } catch .interrupted {
            continue  // rule R43; the time that is left is reckoned anew
        } catch {
            throw SocketError(error, operation: operation())
        }
        if let deadline, deadline <= .now { return false }
    }
}

/// The same for a blocking call of version 1, which can be called off, and during which the program's hook is called; an ordinary wait
/// if it is nil.
///
/// - Throws: WSAEINTR when it is called off (rule R22).
func awaitReadiness(
    of watched: inout [pollfd], until deadline: ContinuousClock.Instant?, in call: BlockingCall?,
    hook: BlockingCalls.Hook?, for operation: @autoclosure () -> String
) throws(SocketError) -> Bool {
    guard let call else { return try awaitReadiness(of: &watched, until: deadline, for: operation()) }
    return try call.signal.signal.withDescriptor { signal throws(SocketError) in
        watched.append(pollfd(signal, .readable))
        defer { watched.removeLast() }
        while true {
            while hook?() == true { try call.checkNotCancelled(for: operation()) }
            let pause = hook.map { _ in ContinuousClock.now.advanced(by: .milliseconds(10)) }
            let end = [deadline, pause].compactMap { $0 }.min()
            let isReady = try awaitReadiness(of: &watched, until: end, for: operation())
            try call.checkNotCancelled(for: operation())
            if isReady { return true }
            if let deadline, deadline <= .now { return false }
        }
    }
}

/// Rounded up, so that nobody looks before the time has come; at most what poll(2) takes.
private func millisecondsLeft(until deadline: ContinuousClock.Instant) -> Int32 {
    let left = ContinuousClock.now.duration(to: deadline)
    guard left > .zero else { return 0 }
    let (seconds, attoseconds) = left.components
    guard seconds < Int64(Int32.max) / 1000 else { return Int32.max }
    return Int32(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
}

extension ContinuousClock.Instant {
    /// When a time-out that begins now is over; nil for ever. Times beyond a thousand years are for ever, too.
    static func end(of timeout: Duration?) -> Self? {
        guard let timeout, timeout < .seconds(32_000_000_000) else { return nil }
        return .now.advanced(by: timeout)
    }
}
