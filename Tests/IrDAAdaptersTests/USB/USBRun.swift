import Testing

@testable import IrDAAdapters

/// A driver and a model of its adapter, in virtual time.
struct USBRun {
    var driver: USBDriver
    var bench: USBBench
    private(set) var now = Duration.zero
    private var wake: Duration?
    private(set) var rates: [Int] = []
    private(set) var problem: USBProblem?
    private(set) var isClosed = false
    private(set) var transmitted: [Duration] = []
    private(set) var received: [AdapterLight] = []
    private(set) var listenings = 0

    init(
        _ adapter: any USBAdapter, _ model: any USBAdapterModel, faults: [Int: USBOutcome] = [:],
        unplugsAt: Int? = nil
    ) {
        driver = USBDriver(adapter)
        bench = USBBench(model, faults: faults, unplugsAt: unplugsAt)
    }

    /// Whether nothing follows any more.
    var isOver: Bool { problem != nil || isClosed }

    mutating func open() {
        tell { $0.open(at: $1) }
        run { !$0.rates.isEmpty || $0.isOver }
    }

    mutating func setRate(_ rate: Int) {
        let before = rates.count
        tell { $0.setRate(rate, at: $1) }
        run { $0.rates.count > before || $0.isOver }
    }

    /// Sends light and returns what was seen.
    mutating func send(_ light: [AdapterLight]) -> [AirLight] {
        _ = bench.takeLight()
        let before = transmitted.count
        tell { $0.transmit(light, at: $1) }
        run { $0.transmitted.count > before || $0.isOver }
        return bench.takeLight()
    }

    /// Shines at the adapter and returns what the driver passes on.
    mutating func hear(_ light: AdapterLight, rate: Int, orUntil limit: Duration = .seconds(20)) -> [AdapterLight] {
        received = []
        let sent = AirLight(light, rate: rate, start: now + .milliseconds(10))
        bench.shine(sent)
        run(for: limit) { !$0.received.isEmpty || $0.isOver }
        return received
    }

    mutating func close() {
        tell { $0.close(at: $1) }
        run { $0.isOver }
    }

    mutating func tell(_ event: (inout USBDriver, Duration) -> [USBDriver.Action]) {
        perform(event(&driver, now))
    }

    /// Lets time pass until something holds, or for so long.
    mutating func run(for limit: Duration = .seconds(60), until holds: (USBRun) -> Bool = { _ in false }) {
        let end = now + limit
        while !holds(self) {
            for event in bench.advance(to: now) {
                switch event {
                case .completed(let outcome): tell { $0.completed(outcome, at: $1) }
                case .heard(let outcome): tell { $0.heard(outcome, at: $1) }
                }
            }
            if let due = wake, due <= now {
                wake = nil
                tell { $0.wake(at: $1) }
                continue
            }
            if holds(self) { return }
            guard let next = [wake, bench.nextMoment].compactMap({ $0 }).min(), max(next, now) <= end else { return }
            now = max(now, next)
        }
    }

    private mutating func perform(_ actions: [USBDriver.Action]) {
        for action in actions {
            #expect(!isOver, "\(action) after the end")
            switch action {
            case .submit(let transfer, let limit): bench.submit(transfer, limit: limit, at: now)
            case .listen:
                listenings += 1
                bench.listen(at: now)
            case .stopListening: bench.stopListening()
            case .wake(let moment): wake = moment
            case .received(let light): received.append(light)
            case .transmitted: transmitted.append(now)
            case .ready(let rate): rates.append(rate)
            case .failed(let failure): problem = failure
            case .closed: isClosed = true
            }
        }
    }
}

/// An adapter and the models that it may meet.
struct Stick: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let adapter: any USBAdapter
    let model: any USBAdapterModel

    init(_ name: String, _ adapter: any USBAdapter, _ model: any USBAdapterModel) {
        testDescription = name
        self.adapter = adapter
        self.model = model
    }

    private static func faults(_ change: (inout IrDABridgeModel.Faults) -> Void) -> IrDABridgeModel.Faults {
        var faults = IrDABridgeModel.Faults()
        change(&faults)
        return faults
    }

    static let all = [
        Stick("bridge", IrDABridge(), IrDABridgeModel()),
        Stick("bridge left at 115200", IrDABridge(), IrDABridgeModel(rate: 115_200)),
        Stick(
            "bridge that changes first", IrDABridge(),
            IrDABridgeModel(baudMask: 0x3F, faults: faults { $0.changesFirst = true })),
        Stick(
            "bridge with a standard descriptor", IrDABridge(interface: 2),
            IrDABridgeModel(baudMask: 0x3F, faults: faults { $0.hasStandardDescriptor = true })),
        Stick("MCS7780", MCS7780(), MCS7780Model()),
        Stick("STIr4200", STIr4200(), STIr4200Model()),
        Stick(
            "STIr4200 that counts wrong and hangs from before", STIr4200(), STIr4200Model(countError: 3, isStuck: true)),
    ]

    /// A frame as the adapter takes it, and as it must be on the air.
    static func light(_ frame: [UInt8], rate: Int, asFrame: Bool, fillers: Int = 12) -> (
        given: AdapterLight, seen: AdapterLight
    ) {
        let characters = AdapterLight.characters(SIRAir.encode(frame, fillers: fillers))
        if rate > 115_200 { return (.frame(frame, additionalBOFs: 0), .frame(frame, additionalBOFs: 0)) }
        return (asFrame ? .frame(frame, additionalBOFs: fillers) : characters, characters)
    }
}
