import Testing

@testable import IrDAAdapters

/// A driver and a model of its dongle, in virtual time.
struct SerialRun {
    var driver: SerialDriver
    var bench: SerialBench
    private(set) var now = Duration.zero
    private var wake: Duration?
    private(set) var rates: [Int] = []
    private(set) var problems: [SerialProblem] = []
    private(set) var failure: SerialProblem?
    private(set) var isClosed = false
    private(set) var transmitted: [Duration] = []
    private(set) var received: [UInt8] = []
    private(set) var writes: [(moment: Duration, bytes: [UInt8])] = []

    init(
        _ dongle: any SerialDongle, _ model: any SerialDongleModel, faults: SerialBench.Faults = .init(),
        traits: SerialPortTraits = .uart, echo: EchoHandling = .match
    ) {
        driver = SerialDriver(dongle, behind: traits, echo: echo)
        bench = SerialBench(model, faults: faults)
    }

    mutating func open() {
        tell { $0.open(at: $1) }
        settle()
    }

    mutating func setRate(_ rate: Int) {
        tell { $0.setRate(rate, at: $1) }
        settle()
    }

    /// Sends bytes and returns what was seen of them as light.
    mutating func send(_ bytes: [UInt8]) -> [SerialBench.Light] {
        _ = bench.takeLight()
        tell { $0.transmit(bytes, at: $1) }
        settle()
        return bench.takeLight()
    }

    /// Shines at the dongle and returns what the driver passes on.
    mutating func hear(_ bytes: [UInt8], rate: Int) -> [UInt8] {
        received = []
        bench.shine(bytes, rate: rate, at: now)
        settle()
        return received
    }

    mutating func close() {
        tell { $0.close(at: $1) }
        settle()
    }

    mutating func tell(_ event: (inout SerialDriver, Duration) -> [SerialDriver.Action]) {
        perform(event(&driver, now))
    }

    /// Lets time pass until nothing is due any more.
    mutating func settle() {
        for _ in 0..<200_000 {
            for event in bench.advance(to: now) {
                switch event {
                case .drained: tell { $0.drained(at: $1) }
                case .received(let bytes): tell { $0.received(bytes, at: $1) }
                }
            }
            if let due = wake, due <= now {
                wake = nil
                tell { $0.wake(at: $1) }
                continue
            }
            guard let next = [wake, bench.nextMoment].compactMap({ $0 }).min() else { return }
            now = max(now, next)
        }
    }

    private mutating func perform(_ actions: [SerialDriver.Action]) {
        for action in actions {
            switch action {
            case .setLines(let lines): bench.setLines(lines, at: now)
            case .setHostRate(let rate): bench.setHostRate(rate, at: now)
            case .write(let bytes):
                writes.append((now, bytes))
                bench.write(bytes, at: now)
            case .discardInput: bench.discardInput(at: now)
            case .wake(let moment): wake = moment
            case .received(let bytes): received += bytes
            case .transmitted: transmitted.append(now)
            case .ready(let rate): rates.append(rate)
            case .changeFailed(let problem): problems.append(problem)
            case .failed(let problem): failure = problem
            case .closed: isClosed = true
            }
        }
    }
}

/// A dongle and the models that it may meet: in the states that others have left it in.
struct Dongle: Sendable, CustomTestStringConvertible {
    let name: String
    let models: [any SerialDongleModel]

    var testDescription: String { name }

    func make() throws -> any SerialDongle { try SerialDongleKind.dongle(name) }

    static let all: [Dongle] = [
        Dongle(name: "raw", models: [PlainModel()]),
        Dongle(name: "raw,rate=115200", models: [PlainModel(fixedRate: 115_200)]),
        Dongle(name: "raw,lines=off", models: [PlainModel(needsLines: false)]),
        Dongle(name: "tekram", models: [TekramModel(), TekramModel(rate: 115_200)]),
        Dongle(name: "tekram,delay=10,cold=on", models: [TekramModel(rate: 57600)]),
        Dongle(name: "irxon", models: [TekramModel(rate: 19200)]),
        Dongle(name: "esi", models: [ESI9680Model()]),
        Dongle(name: "actisys", models: (0..<4).map { PulseCounterModel.actisys(isPlus: false, count: $0) }),
        Dongle(name: "actisys+", models: (0..<5).map { PulseCounterModel.actisys(isPlus: true, count: $0) }),
        Dongle(name: "act200l", models: [RegisterChipModel(), RegisterChipModel(divider: 1)]),
        Dongle(name: "girbil", models: [GIrBILModel(), GIrBILModel(rate: 57600)]),
        Dongle(name: "litelink", models: (0..<5).map { PulseCounterModel.liteLink(wiring: .linux, count: $0) }),
        Dongle(
            name: "litelink,wiring=netbsd",
            models: (0..<5).map { PulseCounterModel.liteLink(wiring: .netBSD, count: $0) }),
        Dongle(name: "belkin", models: [PlainModel(fixedRate: 9600)]),
        Dongle(name: "mcp2120", models: [MCP2120Model()]),
        Dongle(name: "ma600", models: [MA600Model(), MA600Model(rate: 2400)]),
        Dongle(name: "ma600,cold=on", models: [MA600Model(rate: 38400)]),
        Dongle(name: "toim3232", models: [TOIM3232Model(), TOIM3232Model(rate: 2400)]),
        Dongle(name: "toim3232,off=500", models: [TOIM3232Model(rate: 115_200, powerOffTime: .milliseconds(400))]),
    ]
}
