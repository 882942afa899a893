import IrDAProtocol

/// One station of a simulation: a stack, its receiver, its clockwork, and the services that run inside the simulation.
struct SimulatedStation: Sendable {
    /// Something that comes due; a timer that was set anew or cancelled has another generation.
    struct Deadline: Hashable, Sendable {
        let timer: IrDAStackTimer
        let generation: UInt64
    }

    var stack: IrDAStack
    /// What is between it and the light; nil for an ideal station.
    var transceiver: (any Transceiver)?
    /// When the transceiver is looked after next.
    var transceiverMoment: IrDAInstant?
    /// How long the peer still needs before the next transmission, where the transceiver sees to that.
    var turnaround = Duration.zero
    var rate = BaudRate.rate9600
    var deframer = SIRDeframer()
    /// Frames that wait for the one before them to leave.
    var outbox: ArraySlice<IrLAPTransmission> = []
    /// A frame that a rule holds back, before those in the outbox.
    var held: IrLAPTransmission? {
        didSet { holdNumber += held == nil ? 0 : 1 }
    }
    private(set) var holdNumber: UInt64 = 0
    /// When its own light last went out.
    var lastSending: IrDAInstant?
    var counters = StationCounters()
    /// What runs behind the services that this station offers.
    var behaviours: [IrDAServiceID: ServiceBehaviour] = [:]
    /// The connections of those services.
    var servants: [IrDAConnectionID: Servant] = [:]
    private var generations: [IrDAStackTimer: UInt64] = [:]
    private var lastGeneration: UInt64 = 0

    init(stack: IrDAStack, transceiver: (any Transceiver)?) {
        self.stack = stack
        self.transceiver = transceiver
    }

    mutating func set(_ timer: IrDAStackTimer) -> Deadline {
        lastGeneration += 1
        generations[timer] = lastGeneration
        return Deadline(timer: timer, generation: lastGeneration)
    }

    mutating func cancel(_ timer: IrDAStackTimer) {
        generations[timer] = nil
    }

    /// Whether the deadline still stands; then it is used up.
    mutating func take(_ deadline: Deadline) -> Bool {
        guard generations[deadline.timer] == deadline.generation else { return false }
        generations[deadline.timer] = nil
        return true
    }
}
