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
    private var hasHeardFrame = false

    init(
        _ adapter: any USBAdapter, _ model: any USBAdapterModel, faults: [Int: USBOutcome] = [:],
        unplugsAt: Int? = nil, transferTime: Duration = .microseconds(200)
    ) {
        driver = USBDriver(adapter)
        bench = USBBench(
            model, path: adapter.dataPath, faults: faults, unplugsAt: unplugsAt, transferTime: transferTime)
    }

    /// A driver that has set its adapter up.
    static func opened(
        _ adapter: any USBAdapter, _ model: any USBAdapterModel, faults: [Int: USBOutcome] = [:]
    ) -> USBRun {
        var run = USBRun(adapter, model, faults: faults)
        run.open()
        return run
    }

    /// What some work makes the driver do, in a short notation.
    mutating func transfers(_ work: (inout USBRun) -> Void) -> [String] {
        let before = bench.log.count
        work(&self)
        return bench.log[before...].text
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

    /// Shines at the adapter and returns what the driver passes on, until there is a frame in it.
    mutating func hear(_ light: AdapterLight, rate: Int, orUntil limit: Duration = .seconds(20)) -> [AdapterLight] {
        received = []
        hasHeardFrame = false
        let sent = AirLight(light, rate: rate, start: now + .milliseconds(10))
        bench.shine(sent)
        run(for: limit) { $0.hasHeardFrame || $0.isOver }
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
            case .received(let light):
                received.append(light)
                if case .characters(let characters) = light, !characters.contains(0xC1) { continue }
                hasHeardFrame = !received.frames.isEmpty
            case .transmitted: transmitted.append(now)
            case .ready(let rate): rates.append(rate)
            case .failed(let failure): problem = failure
            case .closed: isClosed = true
            }
        }
    }
}

extension [AdapterLight] {
    /// What a framer would make of it.
    var frames: [[UInt8]] {
        var characters: [UInt8] = []
        var frames: [[UInt8]] = []
        for light in self {
            switch light {
            case .characters(let more): characters += more
            case .frame(let frame, _): frames.append(frame)
            }
        }
        // Up to the last EOF: what has none is not over.
        return frames + SIRAir.decode([UInt8](characters.prefix(1 + (characters.lastIndex(of: 0xC1) ?? -1))))
    }
}

extension Sequence<USBTransfer> {
    /// A short notation: `halts`, `C 40 0E D724 0000 0`, with the bytes behind it where bytes go to the device, `O 32`; `open` if
    /// the device need not see the end.
    var text: [String] {
        map { transfer in
            switch transfer {
            case .clearHalts: "halts"
            case .send(let bytes, let endsShort): "O \(bytes.hexadecimal)\(endsShort ? "" : " open")"
            case .control(let setup): "C \(setup.text)"
            case .controlOut(let setup, let bytes): "C \(setup.text) \(bytes.hexadecimal)"
            }
        }
    }
}

extension USBSetup {
    fileprivate var text: String {
        let words = [value, index].map { $0.hexadecimal.uppercased() }
        return "\([requestType, request].hexadecimal) \(words[0]) \(words[1]) \(length)"
    }
}
