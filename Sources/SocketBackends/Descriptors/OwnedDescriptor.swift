public import SystemPackage

/// A kernel descriptor with exactly one owner: it is closed when the owner lets go of it, never twice and never not at all.
public struct OwnedDescriptor: ~Copyable, Sendable {
    private let descriptor: FileDescriptor

    /// Takes ownership of an open descriptor.
    public init(_ descriptor: FileDescriptor) {
        self.descriptor = descriptor
    }

    deinit {
        // A failed close has released the number all the same (close(2)); there is nothing left to do about it.
        try? descriptor.close()
    }

    /// The descriptor, for the length of one call.
    public borrowing func withDescriptor<Result, Failure: Error>(
        _ body: (FileDescriptor) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(descriptor)
    }

    /// Gives the descriptor away; the receiver now closes it.
    public consuming func release() -> FileDescriptor {
        let descriptor = descriptor
        discard self
        return descriptor
    }
}
