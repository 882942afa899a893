import ArgumentParser
import SocketBackends
import Winsock

/// What `connect` and `listen` have in common: a family, an address as people write it, and what kind of socket.
struct EndpointArguments: ParsableArguments {
    @Argument(help: "The address family: inet, inet6, irda, unix, vsock; 'irsock families' lists them.") var family:
        String
    @Argument(
        help: """
            The address, as the family writes it: 127.0.0.1:27015, [::1]:27015, Phone/OBEX, 0x9ABCDEF1/OBEX, \
            Phone/lsap:3.
            """)
    var address: String

    @Option(
        help: ArgumentHelp(
            """
            After the end of the input, leave when the peer has been quiet for this long. Without it: when the peer ends the \
            connection, or, where one direction cannot be ended alone (irda), after 1 second; but there, too, an end that has \
            nothing to say hears the peer out, and one that listens waits for its caller to leave.
            """, valueName: "seconds"))
    var quitAfter: Double?

    func validate() throws {
        if let quitAfter, !(quitAfter.isFinite && (0...86_400).contains(quitAfter)) {
            throw ValidationError("--quit-after takes seconds, from 0 to 86400.")
        }
    }

    /// Makes the socket and reads the address.
    func open(in session: Session) throws -> (socket: SocketHandle, address: SocketAddress, transport: CatalogueEntry) {
        let number = try session.winsock.family(named: family)
        // The socket first: if the family cannot be had, that is the thing to say.
        let socket = try session.winsock.socket(family: number, type: .stream)
        let resolved = try session.winsock.resolve(address, family: number)
        let rows = session.winsock.registry.catalogue
        guard let row = rows.first(where: { $0.family == number && $0.entry.type == .stream }) else {
            throw Failure("\(family) has no stream sockets.")
        }
        return (socket, resolved, row.entry)
    }

    /// Carries standard input and output over a connection, then closes it.
    func bridge(
        _ socket: SocketHandle, transport: CatalogueEntry, peerCalled: Bool = false, in session: Session
    ) throws {
        var bridge = Bridge(
            session, socket: socket, transport: transport, peerCalled: peerCalled,
            quitAfter: quitAfter.map { .seconds($0) })
        try bridge.run()
        try session.winsock.closeSocket(socket)
    }
}
