import Glibc

/// A way to open connections and to close them.
protocol Connector {
    /// Makes so many sockets.
    mutating func makeSockets(_ count: Int) throws
    /// Connects all of them to one address, and learns of the end of each.
    mutating func connect(to host: [UInt8], port: UInt16) throws
    /// Closes them.
    mutating func close() throws
}

/// The processor time that connections cost in one way and in another, measured in turns.
struct Comparison {
    /// Microseconds a connection, in each round.
    private(set) var plain: [Double] = []
    private(set) var winsock: [Double] = []

    /// Each round to an address of its own, so that what former rounds have left in TIME_WAIT is in nobody's way.
    init(
        _ plainConnector: some Connector, _ winsockConnector: some Connector, inFlight: Int, rounds: Int,
        at listener: borrowing LoopbackListener
    ) throws {
        var (plainConnector, winsockConnector) = (plainConnector, winsockConnector)
        for round in 0..<rounds {
            let host = [127, UInt8.random(in: 1...254), UInt8(truncatingIfNeeded: round >> 8), UInt8(round & 0xFF)]
            func measurePlain() throws {
                plain.append(try Self.cost(&plainConnector, inFlight, to: host, at: listener))
            }
            func measureWinsock() throws {
                winsock.append(try Self.cost(&winsockConnector, inFlight, to: host, at: listener))
            }
            // Neither is always the first.
            if round.isMultiple(of: 2) {
                try measurePlain()
                try measureWinsock()
            } else {
                try measureWinsock()
                try measurePlain()
            }
        }
    }

    /// How much dearer the one is than the other.
    var ratio: Double { zip(winsock, plain).map { $0 / $1 }.median }

    private static func cost(
        _ connector: inout some Connector, _ inFlight: Int, to host: [UInt8], at listener: borrowing LoopbackListener
    ) throws -> Double {
        try connector.makeSockets(inFlight)
        let connecting = try ProcessorTime.seconds { try connector.connect(to: host, port: listener.port) }
        let accepted = try listener.accept(inFlight)
        let closing = try ProcessorTime.seconds { try connector.close() }
        for descriptor in accepted { Glibc.close(descriptor) }
        return (connecting + closing) / Double(inFlight) * 1e6
    }
}
