import Glibc
public import SystemPackage

/// Runs one system call and turns the answer -1 into the error that the kernel left behind.
///
/// - Parameters:
///   - restarting: whether the call is made again when a signal handler interrupted it (EINTR). Right for every call that has
///     done nothing when it says so; wrong for `close` and `connect`, which go on by themselves.
///   - call: the system call.
/// - Throws: the error, untranslated, for callers to whom its meaning depends on the call.
@discardableResult
@inlinable
public func systemCall<Answer: FixedWidthInteger & SignedInteger>(
    restarting: Bool = true, _ call: () -> Answer
) throws(Errno) -> Answer {
    while true {
        let answer = call()
        if answer != -1 { return answer }
        let error = latestError()
        guard restarting, error == .interrupted else { throw error }
    }
}

/// What the latest system call of this thread has left behind.
@usableFromInline
func latestError() -> Errno { Errno(rawValue: errno) }

/// Runs one system call as above, and translates the error by the common table.
///
/// - Parameters:
///   - operation: what is attempted, as `SocketError.operation` has it.
///   - restarting: as above.
///   - call: the system call.
@discardableResult
public func systemCall<Answer: FixedWidthInteger & SignedInteger>(
    for operation: @autoclosure () -> String, restarting: Bool = true, _ call: () -> Answer
) throws(SocketError) -> Answer {
    do throws(Errno) {
        return try systemCall(restarting: restarting, call)
    } catch {
        throw SocketError(error, operation: operation())
    }
}
