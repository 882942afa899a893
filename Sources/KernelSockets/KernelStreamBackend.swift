import Glibc
public import SocketBackends
public import SystemPackage

/// A family whose stream sockets Linux has, under its own numbers and addresses: what differs from one such family to another.
///
/// A type that conforms is a whole backend. The sockets (`KernelSocket`) see to the life of a connection as Winsock has it: the type below
/// says what the family is called, how its addresses are written, how they lie in the kernel's memory, and which of the kernel's errors mean
/// something else there.
public protocol KernelStreamBackend: AddressFamilyBackend {
    /// The kind of its sockets.
    var kind: CatalogueEntry { get }
    /// Linux' number of the family, the first argument of `socket(2)`.
    var kernelFamily: Int32 { get }
    /// Linux' number of the protocol, the third argument of `socket(2)`. The second is SOCK_STREAM.
    var kernelProtocol: Int32 { get }
    /// The system calls of its sockets.
    var system: SystemCalls { get }
    /// Whether the kernel wants a new socket after a connect that has failed; the program's goes on being the same (rule R33).
    var needsNewSocketAfterFailure: Bool { get }

    /// Turns an address into the kernel's `sockaddr`, whose first two bytes are filled in later.
    ///
    /// - Throws: WSAEADDRNOTAVAIL for an address to which nobody can connect (rules R10, R11), and whatever else the family's rules say. The family
    ///   and the least length have been checked.
    func kernelAddress(_ address: SocketAddress, for use: AddressUse) throws(SocketError) -> [UInt8]
    /// Turns what the kernel answers into an address; nil if that cannot be one of the family.
    func address(kernel bytes: [UInt8]) -> SocketAddress?
    /// Whether this is what the kernel answers for the local address of a socket that has none.
    func isNoAddress(kernel bytes: [UInt8]) -> Bool
    /// What an error of the kernel means in this family; nil for what it means everywhere.
    func code(for error: KernelError, of call: KernelCall) -> WSAErrorCode?
}

extension KernelStreamBackend {
    /// 0: the family's own.
    public var kernelProtocol: Int32 { 0 }
    /// The same socket can try again.
    public var needsNewSocketAfterFailure: Bool { false }
    /// Nothing means anything else.
    public func code(for error: KernelError, of call: KernelCall) -> WSAErrorCode? { nil }
    /// The one kind of sockets.
    public var catalogue: [CatalogueEntry] { [kind] }

    /// Whether this kernel has the family.
    public var availability: Availability {
        Availability(trying: { () throws(SocketError) in try makeSocket(type: kind.type, protocolNumber: .any) })
    }

    /// Makes a stream socket; declines if the kernel was built without the family.
    ///
    /// - Throws: WSAESOCKTNOSUPPORT for other types, WSAEPROTONOSUPPORT for other protocols, WSAEMFILE, WSAENOBUFS.
    public func makeSocket(type: SocketType, protocolNumber: SocketProtocolNumber) throws(SocketError) -> BackendAnswer
    {
        guard let socket = try makeKernelSocket(type: type, protocolNumber: protocolNumber) else {
            return .declined(reason: "this kernel has no \(familyName) sockets")
        }
        return .socket(socket)
    }

    /// Makes a stream socket; nil if the kernel was built without the family.
    ///
    /// - Throws: as `makeSocket`.
    public func makeKernelSocket(
        type: SocketType, protocolNumber: SocketProtocolNumber
    ) throws(SocketError) -> KernelSocket<Self>? {
        let operation = "make a \(type) socket of \(familyName)"
        guard type == kind.type else {
            throw SocketError(
                .WSAESOCKTNOSUPPORT, operation: operation, reason: "the family has \(kind.type) sockets only")
        }
        guard protocolNumber == .any || protocolNumber == kind.protocolNumber else {
            throw SocketError(
                .WSAEPROTONOSUPPORT, operation: operation, reason: "protocol \(protocolNumber.rawValue) is not known",
                advice: "Pass \(kind.protocolNumber.rawValue), or 0.")
        }
        do throws(Errno) {
            return KernelSocket(try makeDescriptor(), of: self)
        } catch .addressFamilyNotSupported {
            return nil
        } catch {
            throw SocketError(error, operation: operation)
        }
    }

    func makeDescriptor() throws(Errno) -> OwnedDescriptor {
        let number = try systemCall {
            system.socket(kernelFamily, kind.type.rawValue | KernelCall.creationFlags, kernelProtocol)
        }
        return OwnedDescriptor(FileDescriptor(rawValue: number))
    }

    /// Checks an address and turns it into the kernel's.
    ///
    /// - Throws: WSAEFAULT if it is too short (rule R7); WSAEAFNOSUPPORT for another family (rule R9), which `bind` calls WSAEFAULT; what
    ///   the family says.
    func usable(_ address: SocketAddress, for use: AddressUse) throws(SocketError) -> [UInt8] {
        let operation = "\(use.verb) an address of \(address.bytes.count) bytes"
        // The length comes first (decision D1).
        guard address.bytes.count >= kind.minimumAddressLength else {
            throw SocketError(
                .WSAEFAULT, operation: operation, reason: "\(familyName) needs \(kind.minimumAddressLength)",
                advice: "Pass the whole structure and its length.")
        }
        guard address.family == family else {
            throw SocketError(
                use == .bind ? .WSAEFAULT : .WSAEAFNOSUPPORT, operation: operation,
                reason: "\(address.family) cannot be used with a socket of \(familyName)",
                advice: "Pass a sockaddr of family \(family.rawValue).")
        }
        var bytes = try kernelAddress(address, for: use)
        withUnsafeBytes(of: sa_family_t(kernelFamily)) { bytes.replaceSubrange(0..<2, with: $0) }
        return bytes
    }
}

/// An error of Linux, as swift-system names it. Under this name a family needs no dependency on swift-system.
public typealias KernelError = Errno

/// What an address is to be used for.
public enum AddressUse: Hashable, Sendable {
    /// As the local address: `bind`.
    case bind
    /// As the peer's: `connect`.
    case connect

    /// `bind to`, `connect to`.
    public var verb: String {
        switch self {
        case .bind: "bind to"
        case .connect: "connect to"
        }
    }
}

/// The calls in which an error of the kernel may mean something of its own.
public enum KernelCall: Hashable, Sendable {
    /// `bind`.
    case bind
    /// `listen`.
    case listen
    /// `accept`.
    case accept
    /// `connect`, also when it ends later.
    case connect
    /// `send`.
    case send
    /// `recv`.
    case receive
    /// Any other.
    case other

    /// Flags for every call that makes a descriptor.
    static let creationFlags = Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)

    /// What an error means where the family has nothing to say.
    func code(for error: Errno) -> WSAErrorCode {
        switch (self, error) {
        // The wrong state for it: it is bound already (or not yet).
        case (.bind, _) where error.rawValue == EBADFD, (.listen, _) where error.rawValue == EBADFD: .WSAEINVAL
        case (.accept, .connectionAbort): .WSAECONNRESET
        // The socket's own shutdown is the runtime's business: what is left here is a peer that is gone.
        case (.send, .brokenPipe): .WSAECONNRESET
        default: WSAErrorCode(error)
        }
    }
}
