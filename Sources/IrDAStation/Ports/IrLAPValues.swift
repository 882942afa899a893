import IrDAProtocol

extension BaudRateSet {
    /// Those of these speeds, in bit/s, that IrLAP has.
    init(_ rates: [Int]) {
        self = rates.compactMap { UInt32(exactly: $0).flatMap(BaudRate.init(rawValue:)) }
            .reduce(into: []) { $0.formUnion(BaudRateSet($1)) }
    }
}

extension MinimumTurnaround {
    /// The shortest that IrLAP can say and that is no shorter than this; 10 ms at most.
    init(atLeast time: Duration) {
        self = Self.allCases.last { Duration.microseconds($0.microseconds) >= time } ?? .ms10
    }
}
