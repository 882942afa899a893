extension SocketAddress {
    /// The longest length that a program may give. No family's address comes near it; a number beyond is no length, but something else
    /// that went into the wrong argument.
    public static let maximumLength = 65_536

    /// Copies a `sockaddr` from where a program says that it is (rules R6, R7): the pointer and the length of `connect`.
    ///
    /// To be given to `connect` as it stands: it is evaluated in its turn, after the socket's state (decision D1). What the family makes of the
    /// length is checked later.
    ///
    /// - Parameters:
    ///   - pointer: where the structure is; it is not trusted.
    ///   - length: how many bytes it has, as the program says.
    /// - Throws: WSAEFAULT for NULL, for memory that cannot be read in all of its length, and for a length that has no room for a family
    ///   or is above `maximumLength`.
    public init(readingFrom pointer: UnsafeRawPointer?, length: Int) throws(SocketError) {
        let operation = "read a socket address"
        guard length <= Self.maximumLength else {
            throw SocketError(
                .WSAEFAULT, operation: operation, reason: "\(length) bytes are more than any address has",
                advice: "Pass the size of the structure.")
        }
        try self.init(bytes: UntrustedMemory.read(from: pointer, count: length, for: operation))
    }
}
