/// One way to reach the sockets of one address family.
///
/// A family may have several backends (AF_IRDA: the kernel, a service, a simulated medium); the registry asks them in order.
/// Everything that is particular to the family lives behind this protocol and `BackendSocket`: its addresses, its options, and
/// the rules that its documentation gives for `connect` and its neighbours.
public protocol AddressFamilyBackend: Sendable {
    /// A name that no other backend in the registry has, for tables and for choosing by hand: `inet`, `irda-simulation`.
    var name: String { get }
    /// The family that this backend serves.
    var family: AddressFamily { get }
    /// What people call the family on a command line: `inet`, `inet6`, `irda`.
    var familyName: String { get }
    /// The sockets that this backend makes, one entry for each pair of type and protocol.
    var catalogue: [CatalogueEntry] { get }
    /// Whether it can make sockets now. Asked for tables only; `makeSocket` decides anew.
    var availability: Availability { get }

    /// The backend's identity in the list of WSAEnumProtocols; derived from the name, unless one is documented for the family.
    var providerID: ProviderID { get }

    /// Makes a socket, or declines so that the next backend of the family is asked.
    ///
    /// - Throws: the error that `socket` is to report, where asking another backend would be wrong: WSAEPROTONOSUPPORT,
    ///   WSAEPROTOTYPE, WSAESOCKTNOSUPPORT for what the family does not have, WSAEMFILE, WSAENOBUFS.
    func makeSocket(type: SocketType, protocolNumber: SocketProtocolNumber) throws(SocketError) -> BackendAnswer

    /// Turns what a person wrote into an address: `127.0.0.1:27015`, `[::1]:80`, `Phone/OBEX`.
    ///
    /// May look names up, and so may take as long as the family takes for that.
    ///
    /// - Throws: WSAEINVAL with an example if the text cannot be an address of this family, or the error of the look-up.
    func resolve(_ text: String) throws(SocketError) -> SocketAddress

    /// Prints an address in the form that `resolve` reads. Total: strange bytes are shown as such.
    func describe(_ address: SocketAddress) -> String
}

extension AddressFamilyBackend {
    /// An identity derived from the name.
    public var providerID: ProviderID { ProviderID(backend: name) }
}

/// A backend's answer to a request for a socket; its third answer is to throw.
public enum BackendAnswer: Sendable {
    /// Here it is.
    case socket(any BackendSocket)
    /// Not here and not now; the reason goes into the error if every backend declines.
    case declined(reason: String)
}

/// Whether a backend can make sockets.
public enum Availability: Hashable, Sendable {
    /// It can.
    case available
    /// It cannot, and why.
    case unavailable(reason: String)

    /// What an attempt to make a socket shows, which is closed at once.
    public init(trying make: () throws(SocketError) -> BackendAnswer) {
        do throws(SocketError) {
            switch try make() {
            case .socket(let socket):
                socket.close()
                self = .available
            case .declined(let reason):
                self = .unavailable(reason: reason)
            }
        } catch {
            self = .unavailable(reason: error.reason)
        }
    }
}
