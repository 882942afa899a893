import IrDAProtocol

extension NegotiationParameters {
    private enum Key: String, CaseIterable {
        case speed, window
        case dataSize = "data-size"
        case extraBOFs = "extra-bofs"
        case minimumTurnaround = "minimum-turnaround"
        case maximumTurnaround = "maximum-turnaround"
        case disconnectTime = "disconnect-time"
    }

    /// Changes what the node says.
    mutating func read(_ node: ScenarioNode) throws(ScenarioError) {
        let fields = try node.fields(of: "parameters", Key.self)
        if let value = fields[.speed] { baudRates = try BaudRateSet(value) }
        if let value = fields[.dataSize] {
            dataSize = try value.choice(
                "the data size", unit: "bytes", of: DataSize.allCases.map { (Double($0.bytes), $0) })
        }
        if let value = fields[.window] {
            windowSize = try value.choice("the window", unit: "frames", of: (1...7).map { (Double($0), $0) })
        }
        if let value = fields[.extraBOFs] {
            additionalBOFs = try value.choice(
                "the number of extra BOFs", unit: "",
                of: AdditionalBOFs.allCases.reversed().map { (Double($0.countAt115200), $0) })
        }
        if let value = fields[.minimumTurnaround] {
            minimumTurnaround = try value.choice(
                "the minimum turnaround time", unit: "ms",
                of: MinimumTurnaround.allCases.map { (Double($0.microseconds) / 1000, $0) })
        }
        if let value = fields[.maximumTurnaround] {
            maximumTurnaround = try value.choice(
                "the maximum turnaround time", unit: "ms",
                of: MaximumTurnaround.allCases.map { (Double($0.milliseconds), $0) })
        }
        if let value = fields[.disconnectTime] {
            disconnectTimes = try value.choice("the disconnect time", unit: "s", of: DisconnectTimeSet.byLongest)
        }
    }
}

extension BaudRateSet {
    /// One number is the fastest of the usual speeds, from 9600 up; a list is just these.
    fileprivate init(_ node: ScenarioNode) throws(ScenarioError) {
        if let items = node.items {
            self = []
            for item in items { formUnion(try item.choice("a speed", unit: "bit/s", of: Self.single)) }
        } else {
            self = try node.choice("the speed", unit: "bit/s", of: Self.upTo)
        }
    }

    private static let single = BaudRate.allCases.map { (number: Double($0.rawValue), value: BaudRateSet($0)) }

    private static let upTo = BaudRate.allCases.filter { $0 >= .rate9600 }.map { highest in
        let rates = BaudRate.allCases.filter { $0 >= .rate9600 && $0 <= highest }
        return (number: Double(highest.rawValue), value: BaudRateSet(rates.map { BaudRateSet($0) }))
    }
}

extension DisconnectTimeSet {
    /// For each time the set of it and all that are shorter, with the time in seconds.
    fileprivate static let byLongest = (0..<8).compactMap { bit in
        let times = DisconnectTimeSet(rawValue: UInt8(truncatingIfNeeded: (2 << bit) - 1))
        return times.longest.map { (number: Double($0.components.seconds), value: times) }
    }
}
