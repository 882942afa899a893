import ArgumentParser
import SocketBackends
import Winsock

struct Listen: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Take one connection at an address of any family; standard input and output are the connection.",
        discussion: """
            A port of 0 takes a free one. An infrared address is just a service: a name that others look for, or lsap:N.

              irsock listen inet 127.0.0.1:27015
              irsock listen irda Inbox --scenario room.yaml
            """)

    @OptionGroup var endpoint: EndpointArguments
    @OptionGroup var simulation: SimulationOptions

    func run() throws {
        try Session.run(simulation) { session in
            let (listener, address, transport) = try endpoint.open(in: session)
            let winsock = session.winsock
            try winsock.bind(listener, to: address)
            try winsock.listen(listener, backlog: 1)
            note("Listening at \(winsock.describe(try winsock.localAddress(of: listener))).")
            let (socket, peer) = try winsock.accept(listener)
            try winsock.closeSocket(listener)
            note("Connected by \(winsock.describe(peer)).")
            try endpoint.bridge(socket, transport: transport, peerCalled: true, in: session)
        }
    }
}
