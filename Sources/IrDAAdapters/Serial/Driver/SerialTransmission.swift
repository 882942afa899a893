/// Bytes on their way out.
struct SerialTransmission: Sendable {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        rest = bytes[...]
    }

    /// A paced port gets as much at a time as leaves in ten milliseconds.
    private static func portion(at rate: Int) -> Int { max(1, rate / 1000) }

    mutating func takeNext(at rate: Int, isPaced: Bool) -> [UInt8] {
        let portion = isPaced ? rest.prefix(Self.portion(at: rate)) : rest
        rest = rest.dropFirst(portion.count)
        return Array(portion)
    }

    var isWritten: Bool { rest.isEmpty }

    func deadline(_ line: LineClock) -> Duration {
        isWritten && !line.isDrained ? line.limit : line.computedEnd
    }
}

extension SerialDriver {
    /// Goes on sending; false if it must wait.
    mutating func advance(_ transmission: SerialTransmission, at now: Duration, _ actions: inout [Action]) -> Bool {
        guard now >= line.computedEnd else { return false }
        if transmission.isWritten {
            guard line.isDrained else {
                guard now >= line.limit else { return false }
                fail(.portHoldsBytes, &actions)
                return true
            }
            state = .ready
            echo.sendingEnded(at: now)
            actions.append(.transmitted)
            return true
        }
        var transmission = transmission
        let rate = hostRate ?? dongle.rateAfterReset
        let bytes = transmission.takeNext(at: rate, isPaced: traits.isPaced)
        line.wrote(bytes.count, at: rate, now: now)
        state = .sending(transmission)
        actions.append(.write(bytes))
        return true
    }
}
