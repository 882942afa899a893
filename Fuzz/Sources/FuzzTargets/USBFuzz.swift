import IrDAAdapters

/// A driver of a USB adapter, and everything that the adapter, its bus and the station can do to it, in an order that bytes decide.
struct USBFuzz {
    private static let release: UInt16 = 0x1001
    /// Nothing that any hardware runs.
    private static let firmware = try? STIr421xFirmware(
        Array("Product Version: 001.000.01 \u{1A}STMP".utf8) + [UInt8](repeating: 5, count: 1500))
    private static let rates = [9600, 115_200, 2400, 57600, 576_000, 1_152_000, 4_000_000, 16_000_000, 300]
    /// No job takes longer, whatever the adapter says.
    private static let mostEvents = 20_000

    private var input: FuzzInput
    private var driver: USBDriver
    private var now = Duration.zero
    private var transfer: USBTransfer?
    private var isListening = false
    private var wake: Duration?
    private var isOver = false
    private var awaited = 0
    /// Whether most transfers go well, so that jobs get far.
    private let isKind: Bool

    init?(_ bytes: [UInt8]) {
        input = FuzzInput(bytes)
        let kinds = USBAdapterKind.all.filter(\.isDriven)
        let kind = kinds[input.number(below: kinds.count)]
        let quirk = input.number(below: kind.quirks.count + 1)
        let options = USBAdapterOptions(
            quirks: kind.quirks.dropFirst(quirk).prefix(1).map(\.name),
            firmware: kind.needsFirmware ? Self.firmware : nil)
        guard let adapter = try? kind.adapter(options: options) else { return nil }
        driver = USBDriver(adapter)
        isKind = input.byte() & 1 == 0
    }

    mutating func run() {
        tell { $0.open(at: $1) }
        while !input.isEmpty { step() }
        rest()
    }

    private mutating func step() {
        switch input.number(below: 16) {
        case 0...5: complete(outcome())
        case 6, 7, 8: hear(outcome())
        case 9, 10: fire()
        case 11: now += .milliseconds(Int64(input.byte()) * 4)
        case 12: transmit()
        case 13:
            let rate = Self.rates[input.number(below: Self.rates.count)]
            tell { $0.setRate(rate, at: $1) }
        case 14: tell { $0.open(at: $1) }
        default: if input.byte() & 7 == 0 { close() }
        }
    }

    private mutating func transmit() {
        let takesFrames = driver.takesFrames == (input.byte() & 15 != 0)
        let light = (0..<input.number(below: 4)).map { _ in
            let bytes = [UInt8](repeating: input.byte(), count: input.number(below: 256) * 9)
            return takesFrames ? AdapterLight.frame(bytes, additionalBOFs: Int(input.byte())) : .characters(bytes)
        }
        if !isOver { awaited += 1 }
        tell { $0.transmit(light, at: $1) }
    }

    private mutating func close() { tell { $0.close(at: $1) } }

    // MARK: The bus

    private mutating func complete(_ outcome: USBOutcome) {
        guard transfer != nil else { return }
        transfer = nil
        tell { $0.completed(outcome, at: $1) }
    }

    private mutating func hear(_ outcome: USBOutcome) {
        guard isListening else { return }
        isListening = false
        tell { $0.heard(outcome, at: $1) }
    }

    private mutating func fire() {
        guard let moment = wake else { return }
        wake = nil
        now = max(now, moment)
        tell { $0.wake(at: $1) }
    }

    /// What good hardware says as often as anything else, so that jobs get on.
    private mutating func outcome() -> USBOutcome {
        let choice = input.number(below: 16)
        return switch isKind && choice < 5 && input.byte() & 7 != 0 ? 9 : choice {
        case 0: .stalled
        case 1: .timedOut
        case 2: .failed
        case 3: .cancelled
        case 4: input.byte() & 7 == 0 ? .gone : .done([])
        case 5: .done([12, 0x21, 0, 1, 0x3F, 0x7F, input.byte(), input.byte(), input.byte() | 0x02, 0xFF, 0, 0])
        case 6: .done([12, 0x21, 0, 1, 0x3F, 0x7F, 0, 0xFF, 0x03, 0xFF, 0, 0])
        case 7: .done([UInt8](repeating: 0, count: 12) + [UInt8(Self.release & 0xFF), UInt8(Self.release >> 8), 0, 0])
        case 8, 9: .done([0, 0, 0])
        case 10: .done([0xFF])
        case 11: .done([UInt8](repeating: input.byte(), count: input.number(below: 256) * 8))
        // A report that says how long it is, and may be wrong.
        case 12: .done([input.byte() & 0x07] + input.take(input.number(below: 9)))
        default: .done(input.take(input.number(below: 72)))
        }
    }

    // MARK: The driver

    private mutating func tell(_ event: (inout USBDriver, Duration) -> [USBDriver.Action]) {
        for action in event(&driver, now) {
            require(!isOver, "something after the end: \(action)")
            switch action {
            case .submit(let new, let limit):
                require(transfer == nil, "two transfers at once")
                require(limit > .zero && limit < .seconds(600), "a limit that is none: \(limit)")
                check(new)
                transfer = new
            case .listen:
                require(!isListening, "two listenings at once")
                isListening = true
            case .stopListening: require(isListening, "nothing to stop")
            case .wake(let moment): wake = moment
            case .received(.frame(let frame, _)): require(!frame.isEmpty, "a frame of nothing")
            case .received(.characters(let characters)): require(!characters.isEmpty, "light of nothing")
            case .transmitted:
                awaited -= 1
                require(awaited >= 0, "a transmission that nobody asked for")
            case .ready(let rate): require(driver.rates.contains(rate), "a speed that it does not have: \(rate)")
            case .failed, .closed: isOver = true
            }
        }
    }

    private func check(_ transfer: USBTransfer) {
        switch transfer {
        case .control(let setup): require(setup.isIn || setup.length == 0, "data to the device that are not there")
        case .controlOut(let setup, let bytes):
            require(!setup.isIn && Int(setup.length) == bytes.count, "a length that is wrong")
        case .send(let bytes, _): require(!bytes.isEmpty, "a transfer of nothing")
        case .clearHalts: break
        }
    }

    /// Whatever an adapter goes on saying, everything ends.
    private mutating func rest() {
        let answer = [UInt8](repeating: [0x00, 0xFF, 0x10, 0x60][input.number(below: 4)], count: 18)
        close()
        for _ in 0..<Self.mostEvents where !isOver {
            now += .milliseconds(1)
            if transfer != nil {
                complete(.done(answer))
            } else if let wake, wake > now || !isListening {
                fire()
            } else if isListening {
                hear(.cancelled)
            } else {
                fire()
            }
        }
        require(isOver, "an adapter that is never put to rest")
    }
}

/// What a device says of itself, and files that say that they are firmware.
func fuzzUSBDescriptors(_ bytes: [UInt8]) {
    for path in [USBDataPath.bulk, .interrupt, .control(reading: USBSetup(0xA1, 1))] {
        guard let found = USBDataEndpoints(configuration: bytes, path: path) else { continue }
        require(found.packetSize > 0 && found.inputPacketSize > 0, "packets of nothing")
    }
    if let descriptor = try? BridgeDescriptor(bytes) {
        require(descriptor.rates.contains(9600), "a bridge without 9600 bit/s")
        require(descriptor.dataSize >= 64 && (1...7).contains(descriptor.windowSize), "a bridge that carries nothing")
    }
    if let firmware = try? STIr421xFirmware(bytes) { require(!firmware.image.isEmpty, "firmware of nothing") }
}
