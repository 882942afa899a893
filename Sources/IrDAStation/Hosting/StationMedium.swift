import IrDAProtocol
import IrDASimulation

/// What a host runs: one or more stations, and the light between them and others.
///
/// A simulated medium is one, with as many stations as there are in the room; a station on a real port is the other. Time is
/// handed in, as everywhere below the host.
protocol StationMedium: Sendable {
    /// The moment at which it stands.
    var now: IrDAInstant { get }
    /// When the next thing is due; nil if nothing is.
    var nextMoment: IrDAInstant? { get }
    /// Whether light or queued frames are all that is waited for, and no program.
    var isBusy: Bool { get }
    /// All stations.
    var stations: [StationID] { get }

    /// The stack of a station, to look at.
    func stack(of station: StationID) -> IrDAStack
    /// What runs behind a service that no program offers.
    func behaviour(of service: IrDAServiceID, on station: StationID) -> ServiceBehaviour?

    /// Asks something of a station's stack, now, and carries out what the stack wants done.
    mutating func with<Result>(
        _ station: StationID, _ request: (inout IrDAStack, IrDAInstant) -> (Result, [IrDAStackAction])
    ) -> Result

    /// Carries out the next thing that is due, if that is not later than `limit`.
    ///
    /// - Returns: whether there was one; if not, the clock stands at `limit`.
    mutating func step(until limit: IrDAInstant) -> Bool

    /// What has happened on the stations since the last call.
    mutating func takeEvents() -> [StationEvent]
    /// The frames that were sent and received since the last call, where they are observed.
    mutating func takeObservedFrames() -> [ObservedFrame]

    /// What the port behind the medium is to do; a medium without one never asks for anything.
    mutating func takePortCommands() -> [PortCommand]
    /// What the port reports.
    mutating func portReported(_ event: PortReport)
    /// What has been counted, in the order of its importance.
    func frameCounters(of station: StationID) -> [(name: String, value: UInt64)]
}

extension StationMedium {
    /// Asks something of a station's stack that has no answer of its own.
    mutating func tell(
        _ station: StationID, _ request: (inout IrDAStack, IrDAInstant) -> [IrDAStackAction]
    ) {
        with(station) { stack, now in ((), request(&stack, now)) }
    }

    /// Runs up to a moment.
    mutating func run(until limit: IrDAInstant) {
        while step(until: limit) {}
    }

    mutating func takePortCommands() -> [PortCommand] { [] }
    mutating func portReported(_ event: PortReport) {}
    func frameCounters(of station: StationID) -> [(name: String, value: UInt64)] { [] }
}

extension Simulation: StationMedium {
    func frameCounters(of station: StationID) -> [(name: String, value: UInt64)] {
        let counters = counters(of: station)
        return [
            ("frames sent", counters.framesSent), ("frames received", counters.framesReceived),
            ("bytes sent", counters.bytesSent), ("bytes received", counters.bytesReceived),
            ("unreadable", counters.checkErrors + counters.aborts + counters.lengthErrors + counters.garbage),
        ]
    }
}

/// What a station wants of its port.
enum PortCommand: Hashable, Sendable {
    /// Put frames on the air, and report when the last has left.
    case transmit(LightTransmission)
    /// Send and receive at this rate.
    case setRate(BaudRate)
}

/// What a port has to say to its station.
enum PortReport: Hashable, Sendable {
    /// It can be used.
    case opened(LightPortCapabilities)
    /// Characters have arrived.
    case received([UInt8])
    /// A frame has arrived.
    case receivedFrame([UInt8])
    /// The last transmission has left.
    case transmitted
    /// The port has gone; transmissions get nowhere.
    case lost
    /// It is there again.
    case back(LightPortCapabilities)
}
