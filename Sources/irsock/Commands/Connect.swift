import ArgumentParser
import SocketBackends
import Winsock

struct Connect: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Connect to an address of any family; standard input and output are the connection.",
        discussion: """
              irsock connect inet 127.0.0.1:27015
              irsock connect inet6 '[::1]:27015'
              irsock connect irda Phone/OBEX --simulate < file
            """)

    @OptionGroup var endpoint: EndpointArguments
    @OptionGroup var simulation: SimulationOptions
    @Flag(name: .shortAndLong, help: "Say on standard error when the connection is there.") var verbose = false

    func run() throws {
        try Session.run(simulation) { session in
            let (socket, address, transport) = try endpoint.open(in: session)
            try session.winsock.connect(socket, to: address)
            if verbose { note("Connected to \(session.winsock.describe(address)).") }
            try endpoint.bridge(socket, transport: transport, in: session)
        }
    }
}
