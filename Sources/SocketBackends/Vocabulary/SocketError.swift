public import SystemPackage

/// What went wrong, where, and what to do about it.
public struct SocketError: Error, Hashable, Sendable {
    /// The Winsock code; what WSAGetLastError answers.
    public var code: WSAErrorCode
    /// The Linux error behind it, where a system call failed.
    public var errno: Errno?
    /// What was attempted, as a verb with its object: `connect to 127.0.0.1:27015`.
    public var operation: String
    /// What happened, as a clause.
    public var reason: String
    /// What the reader can do, as a sentence; empty where there is nothing to add.
    public var advice: String

    /// Describes a failure in IrSock's own checks.
    public init(
        _ code: WSAErrorCode, errno: Errno? = nil, operation: String, reason: String, advice: String = ""
    ) {
        self.code = code
        self.errno = errno
        self.operation = operation
        self.reason = reason
        self.advice = advice
    }

    /// Describes a failed system call, translated by the common table (`WSAErrorCode.init(_:)`).
    public init(_ errno: Errno, operation: String, advice: String = "") {
        self.init(
            WSAErrorCode(errno), errno: errno, operation: operation, reason: errno.description, advice: advice)
    }
}

extension SocketError: CustomStringConvertible {
    /// One line: `cannot connect to 127.0.0.1:1: Connection refused (WSAECONNREFUSED 10061). Is the server running?`
    public var description: String {
        "cannot \(operation): \(reason) (\(code))" + (advice.isEmpty ? "" : ". \(advice)")
    }
}
