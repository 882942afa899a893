import Glibc
import Synchronization
public import SystemPackage

/// A descriptor that several threads use and one of them may close.
///
/// Closing ends new uses at once, but the number goes back to the kernel only when the last use is over: no thread can
/// ever poll or write to somebody else's descriptor that happened to get the same number.
public final class SharedDescriptor: Sendable {
    private struct State: ~Copyable {
        var descriptor: Custody?
        var users = 0
        var isClosed = false

        /// The descriptor, for closing, if nobody needs it any more.
        mutating func takeIfUnused() -> Custody? {
            isClosed && users == 0 ? descriptor.take() : nil
        }
    }

    private let state: Mutex<State>

    /// Takes ownership of a descriptor.
    public init(_ descriptor: consuming OwnedDescriptor) {
        state = Mutex(State(descriptor: Custody(descriptor.release(), end: nil)))
    }

    /// Shares a descriptor that somebody else closes: whoever is told by `end` that nobody here uses it any more.
    ///
    /// - Parameters:
    ///   - descriptor: the descriptor; it must stay open until then.
    ///   - end: called once, after `close` and the last use, or when the last reference goes.
    public init(borrowing descriptor: FileDescriptor, end: @escaping @Sendable () -> Void) {
        state = Mutex(State(descriptor: Custody(descriptor, end: end)))
    }

    /// Uses the descriptor; it stays open until `body` returns.
    ///
    /// - Throws: WSAENOTSOCK if it was closed before, or what `body` throws.
    public func withDescriptor<Result>(
        for operation: @autoclosure () -> String, _ body: (FileDescriptor) throws(SocketError) -> Result
    ) throws(SocketError) -> Result {
        try hold(for: operation()).withDescriptor(body)
    }

    /// Keeps the descriptor open for as long as the answer lives, for uses that outlast a call.
    ///
    /// - Throws: WSAENOTSOCK if it was closed before.
    public func hold(for operation: @autoclosure () -> String) throws(SocketError) -> DescriptorHold {
        let descriptor = state.withLock { state -> FileDescriptor? in
            guard !state.isClosed else { return nil }
            state.users += 1
            return state.descriptor?.descriptor
        }
        guard let descriptor else {
            throw SocketError(.WSAENOTSOCK, operation: operation(), reason: "the socket is closed")
        }
        return DescriptorHold(descriptor, of: self)
    }

    /// Puts another open file under the same number, in one step: whoever knows the number goes on with the new file.
    ///
    /// - Throws: WSAENOTSOCK if it was closed before.
    public func replace(
        with replacement: consuming OwnedDescriptor, for operation: String
    ) throws(SocketError) {
        let source = replacement.withDescriptor { $0 }
        try withDescriptor(for: operation) { descriptor throws(SocketError) in
            try systemCall(for: operation) { dup2(source.rawValue, descriptor.rawValue) }
            // Swift does not see dup3, which would do both at once.
            try systemCall(for: operation) { fcntl(descriptor.rawValue, F_SETFD, FD_CLOEXEC) }
        }
        _ = consume replacement
    }

    /// Ends new uses, and closes the descriptor as soon as nobody uses it.
    public func close() {
        let unused = state.withLock { state in
            state.isClosed = true
            return state.takeIfUnused()
        }
        _ = consume unused
    }

    /// Whether `close` was called.
    public var isClosed: Bool { state.withLock { $0.isClosed } }

    fileprivate func endUse() {
        let unused = state.withLock { state in
            state.users -= 1
            return state.takeIfUnused()
        }
        _ = consume unused
    }
}

/// A descriptor, and what is to be done with it at the end.
private struct Custody: ~Copyable, Sendable {
    let descriptor: FileDescriptor
    private let end: (@Sendable () -> Void)?

    init(_ descriptor: FileDescriptor, end: (@Sendable () -> Void)?) {
        self.descriptor = descriptor
        self.end = end
    }

    deinit {
        if let end {
            end()
        } else {
            _ = OwnedDescriptor(descriptor)
        }
    }
}

/// One use of a shared descriptor: while it lives, the descriptor stays open.
public struct DescriptorHold: ~Copyable, Sendable {
    private let descriptor: FileDescriptor
    private let owner: SharedDescriptor

    fileprivate init(_ descriptor: FileDescriptor, of owner: SharedDescriptor) {
        self.descriptor = descriptor
        self.owner = owner
    }

    deinit {
        owner.endUse()
    }

    /// The descriptor, for the length of one call.
    public borrowing func withDescriptor<Result, Failure: Error>(
        _ body: (FileDescriptor) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(descriptor)
    }
}
