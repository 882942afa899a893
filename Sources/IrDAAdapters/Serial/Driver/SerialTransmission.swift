/// Bytes on their way out.
struct SerialTransmission: Sendable {
    private(set) var rest: ArraySlice<UInt8>
    /// When the next portion is written to a paced port.
    var due: Duration?

    init(_ bytes: [UInt8]) {
        rest = bytes[...]
    }

    mutating func take(_ count: Int) -> [UInt8] {
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }

    func deadline(_ line: LineClock) -> Duration {
        if let due { return due }
        return rest.isEmpty && !line.isDrained ? line.limit : line.computedEnd
    }
}

extension SerialDriver {
    /// A paced port gets as much at a time as a line carries in ten milliseconds.
    private static func portion(at rate: Int) -> Int { max(1, rate / 1000) }

    /// Goes on sending; false if it must wait.
    mutating func advance(_ transmission: SerialTransmission, at now: Duration, _ actions: inout [Action]) -> Bool {
        guard now >= transmission.due ?? line.computedEnd else { return false }
        if transmission.rest.isEmpty { return finish(transmission, at: now, &actions) }
        var transmission = transmission
        let rate = hostRate ?? dongle.rateAfterReset
        if !traits.isPaced {
            let bytes = transmission.take(transmission.rest.count)
            line.wrote(bytes.count, at: rate, now: now)
            actions.append(.write(bytes))
        } else if let due = transmission.due {
            // What takes no time on the way is written at the end of the time that it would take: the other end may answer at once.
            actions.append(.write(transmission.take(Self.portion(at: rate))))
            line.wrote(until: due)
            transmission.due = nil
        } else {
            let count = min(Self.portion(at: rate), transmission.rest.count)
            transmission.due = max(now, line.computedEnd) + .characters(count, at: rate)
        }
        state = .sending(transmission)
        return true
    }

    private mutating func finish(
        _ transmission: SerialTransmission, at now: Duration, _ actions: inout [Action]
    ) -> Bool {
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
}
