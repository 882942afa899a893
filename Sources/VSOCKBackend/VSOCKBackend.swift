import Glibc
public import KernelSockets
public import SocketBackends
public import SystemPackage

/// AF_VSOCK: stream sockets between a virtual machine and its host, named by a context (the machine) and a port.
///
/// Winsock has no such family; it has Linux' number here, 40, and Linux' `sockaddr_vm`.
public struct VSOCKBackend: KernelStreamBackend {
    /// The system calls of its sockets.
    public let system: SystemCalls

    /// Makes the backend.
    ///
    /// - Parameter system: the system calls; those of Linux.
    public init(system: SystemCalls = SystemCalls()) {
        self.system = system
    }

    /// `vsock`.
    public var name: String { "vsock" }
    /// AF_VSOCK.
    public var family: AddressFamily { .vsock }
    /// `vsock`.
    public var familyName: String { "vsock" }
    /// Streams.
    public var kind: CatalogueEntry {
        CatalogueEntry(
            transport: "VSOCK", type: .stream, protocolNumber: .any, minimumAddressLength: VSOCKAddress.length,
            maximumAddressLength: VSOCKAddress.length,
            services: [.guaranteedDelivery, .guaranteedOrder, .gracefulClose, .descriptor])
    }
    /// Linux' AF_VSOCK.
    public var kernelFamily: Int32 { Int32(AddressFamily.vsock.rawValue) }

    /// The same bytes, but for the family.
    ///
    /// - Throws: WSAEADDRNOTAVAIL to connect to any context or to any port (rules R10, R11).
    public func kernelAddress(_ address: SocketAddress, for use: AddressUse) throws(SocketError) -> [UInt8] {
        let named = VSOCKAddress(address)
        if use == .connect, named?.context == .any || named?.port == VSOCKAddress.anyPort {
            throw SocketError(
                .WSAEADDRNOTAVAIL, operation: "connect to \(describe(address))", reason: "any is nobody's address",
                advice: "Pass the context of a machine and its port; local:PORT is this one.")
        }
        return Array(address.bytes.prefix(VSOCKAddress.length))
    }

    /// Reads a `sockaddr_vm`.
    public func address(kernel bytes: [UInt8]) -> SocketAddress? { VSOCKAddress(bytes: bytes)?.socketAddress }

    /// Whether the port is any.
    public func isNoAddress(kernel bytes: [UInt8]) -> Bool {
        VSOCKAddress(bytes: bytes)?.port == VSOCKAddress.anyPort
    }

    /// Where the kernel's words are of its own.
    public func code(for error: Errno, of call: KernelCall) -> WSAErrorCode? {
        switch (call, error) {
        // A reset is how the other side says that nobody listens.
        case (.connect, .connectionReset): .WSAECONNREFUSED
        // There is no way to that machine, or no such machine.
        case (.connect, .operationNotSupportedByDevice), (.connect, .noSuchAddressOrDevice): .WSAENETUNREACH
        default: nil
        }
    }

    /// Reads `3:5000`: a context and a port. `local`, `host` and `any` are contexts, `any` is a port.
    ///
    /// - Throws: WSAEINVAL for anything else.
    public func resolve(_ text: String) throws(SocketError) -> SocketAddress {
        guard let address = VSOCKAddress(text: text) else {
            throw SocketError(
                .WSAEINVAL, operation: "read '\(text)' as an address of vsock",
                reason: "it is no context and port, two numbers up to 4294967295 with a colon between",
                advice: "Write 3:5000; local, host and any can stand for the context.")
        }
        return address.socketAddress
    }

    /// Prints what `resolve` reads.
    public func describe(_ address: SocketAddress) -> String {
        VSOCKAddress(address)?.description ?? "vsock address \(address.bytes)"
    }
}

extension AddressFamily {
    /// AF_VSOCK, 40: Linux' number, as Winsock has none.
    public static let vsock = Self(rawValue: 40)
}
