import Glibc
public import KernelSockets
public import SocketBackends
public import SystemPackage

/// AF_UNIX: stream sockets between the processes of this machine, named by paths of the file system, as afunix.h has them.
///
/// As with Winsock, there are no datagrams, `bind` makes the file and nobody removes it but the program, and a name that exists is WSAEADDRINUSE.
/// A peer that cannot be reached, be it that its file is missing or that its listener is gone or full, has refused
/// (WSAECONNREFUSED). Linux' abstract names, which begin with a NUL, work too.
public struct UnixBackend: KernelStreamBackend {
    /// The system calls of its sockets.
    public let system: SystemCalls

    /// Makes the backend.
    ///
    /// - Parameter system: the system calls; those of Linux.
    public init(system: SystemCalls = SystemCalls()) {
        self.system = system
    }

    /// `unix`.
    public var name: String { "unix" }
    /// AF_UNIX.
    public var family: AddressFamily { .unix }
    /// `unix`.
    public var familyName: String { "unix" }
    /// Streams.
    public var kind: CatalogueEntry {
        CatalogueEntry(
            transport: "AF_UNIX", type: .stream, protocolNumber: .any, minimumAddressLength: 3,
            maximumAddressLength: UnixName.addressLength,
            services: [.guaranteedDelivery, .guaranteedOrder, .gracefulClose, .descriptor])
    }
    /// Linux' AF_UNIX.
    public var kernelFamily: Int32 { AF_UNIX }

    /// The same bytes: both systems have the family, then the path.
    ///
    /// - Throws: WSAEADDRNOTAVAIL to connect to no name (rule R10); WSAEINVAL to bind to none, which Linux would choose one for; WSAEFAULT for a
    ///   path without an end.
    public func kernelAddress(_ address: SocketAddress, for use: AddressUse) throws(SocketError) -> [UInt8] {
        guard let name = UnixName(address) else {
            throw SocketError(
                .WSAEFAULT, operation: "\(use.verb) a path of \(address.payload.count) bytes",
                reason: "a path has at most \(UnixName.longest) bytes and ends with a NUL")
        }
        guard !name.isEmpty else {
            throw SocketError(
                use == .connect ? .WSAEADDRNOTAVAIL : .WSAEINVAL, operation: "\(use.verb) no path",
                reason: "the empty name is nobody's", advice: "Pass the path of a socket.")
        }
        return name.kernelBytes
    }

    /// Reads a `sockaddr_un`.
    public func address(kernel bytes: [UInt8]) -> SocketAddress? {
        UnixName(kernelBytes: bytes)?.socketAddress
    }

    /// Whether there is nothing behind the family.
    public func isNoAddress(kernel bytes: [UInt8]) -> Bool { bytes.count <= 2 }

    /// Where Winsock's words differ.
    public func code(for error: Errno, of call: KernelCall) -> WSAErrorCode? {
        switch (call, error) {
        // The listener's queue is full: nothing would tell when there is room (decision D6).
        case (.connect, .resourceTemporarilyUnavailable), (.connect, .noSuchFileOrDirectory): .WSAECONNREFUSED
        // The path leads to a socket of another type, or through something that is no directory.
        case (.connect, .protocolWrongTypeForSocket), (.connect, .notDirectory), (.connect, .notSocket):
            .WSAECONNREFUSED
        case (.bind, .noSuchFileOrDirectory), (.bind, .notDirectory), (.bind, .readOnlyFileSystem): .WSAEADDRNOTAVAIL
        default: nil
        }
    }

    /// Reads a path; `@name` is an abstract one.
    ///
    /// - Throws: WSAEINVAL if it is empty, too long or has a NUL in it.
    public func resolve(_ text: String) throws(SocketError) -> SocketAddress {
        guard let name = UnixName(text: text) else {
            throw SocketError(
                .WSAEINVAL, operation: "read '\(text)' as an address of unix",
                reason: "it is no path of 1 to \(UnixName.longest) bytes without a NUL",
                advice: "Write a path, as in /run/user/1000/example, or @name for an abstract one.")
        }
        return name.socketAddress
    }

    /// Prints the path; `@name` for an abstract one.
    public func describe(_ address: SocketAddress) -> String {
        UnixName(address)?.description ?? "unix address \(address.bytes)"
    }
}
