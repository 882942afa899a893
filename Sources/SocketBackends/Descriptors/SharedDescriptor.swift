import Glibc
import Synchronization
public import SystemPackage

/// A descriptor that several threads use and one of them may close.
///
/// Closing ends new uses at once, but the number goes back to the kernel only when the last use is over: no thread can
/// ever poll or write to somebody else's descriptor that happened to get the same number.
///
/// Every system call on a socket is such a use, so that beginning and ending one costs an atomic addition each and no lock.
public final class SharedDescriptor: Sendable {
    @usableFromInline let descriptor: FileDescriptor
    /// Two for each use, and one once `close` was called; `released` is added when the number goes back to the kernel.
    private let state = Atomic(0)
    /// What to do in place of closing, where the descriptor is somebody else's.
    private let end: (@Sendable () -> Void)?

    private static let closed = 1
    private static let use = 2
    /// Far above all uses that there can be.
    private static let released = 1 << 62

    /// Takes ownership of a descriptor.
    public init(_ descriptor: consuming OwnedDescriptor) {
        self.descriptor = descriptor.release()
        end = nil
    }

    /// Shares a descriptor that somebody else closes: whoever is told by `end` that nobody here uses it any more.
    ///
    /// - Parameters:
    ///   - descriptor: the descriptor; it must stay open until then.
    ///   - end: called once, after `close` and the last use, or when the last reference goes.
    public init(borrowing descriptor: FileDescriptor, end: @escaping @Sendable () -> Void) {
        self.descriptor = descriptor
        self.end = end
    }

    deinit {
        if state.load(ordering: .acquiring) < Self.released { giveBack() }
    }

    /// Uses the descriptor; it stays open until `body` returns.
    ///
    /// - Throws: WSAENOTSOCK if it was closed before, or what `body` throws.
    @inlinable
    public func withDescriptor<Result>(
        for operation: @autoclosure () -> String, _ body: (FileDescriptor) throws(SocketError) -> Result
    ) throws(SocketError) -> Result {
        try beginUse(for: operation())
        defer { endUse() }
        return try body(descriptor)
    }

    /// Keeps the descriptor open for as long as the answer lives, for uses that outlast a call.
    ///
    /// - Throws: WSAENOTSOCK if it was closed before.
    public func hold(for operation: @autoclosure () -> String) throws(SocketError) -> DescriptorHold {
        try beginUse(for: operation())
        return DescriptorHold(of: self)
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
        state.bitwiseOr(Self.closed, ordering: .acquiringAndReleasing)
        releaseIfUnused()
    }

    /// Whether `close` was called.
    public var isClosed: Bool { state.load(ordering: .acquiring) & Self.closed != 0 }

    @usableFromInline
    func beginUse(for operation: @autoclosure () -> String) throws(SocketError) {
        guard state.add(Self.use, ordering: .acquiring).oldValue & Self.closed == 0 else {
            endUse()
            throw SocketError(.WSAENOTSOCK, operation: operation(), reason: "the socket is closed")
        }
    }

    @usableFromInline
    func endUse() {
        let left = state.subtract(Self.use, ordering: .acquiringAndReleasing).newValue
        if left == Self.closed { releaseIfUnused() }
    }

    /// Gives the number back to the kernel if it is closed and nobody uses it: whoever sees that first does it, and nobody after.
    private func releaseIfUnused() {
        let (isFirst, _) = state.compareExchange(
            expected: Self.closed, desired: Self.closed + Self.released, ordering: .acquiringAndReleasing)
        if isFirst { giveBack() }
    }

    private func giveBack() {
        if let end {
            end()
        } else {
            _ = OwnedDescriptor(descriptor)
        }
    }
}

/// One use of a shared descriptor: while it lives, the descriptor stays open.
public struct DescriptorHold: ~Copyable, Sendable {
    private let owner: SharedDescriptor

    /// The use has begun already.
    fileprivate init(of owner: SharedDescriptor) {
        self.owner = owner
    }

    deinit {
        owner.endUse()
    }

    /// The descriptor, for the length of one call.
    public borrowing func withDescriptor<Result, Failure: Error>(
        _ body: (FileDescriptor) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(owner.descriptor)
    }
}
