/// Why a dongle does not do what it was told.
public enum SerialProblem: Error, Hashable, Sendable {
    /// It does not have the speed.
    case noSuchRate(Int, available: [Int])
    /// It should have answered a command.
    case noAnswer(expected: [UInt8], heard: [UInt8])
    /// The port keeps what was written to it.
    case portHoldsBytes
}

extension SerialProblem: CustomStringConvertible {
    /// A clause for people.
    public var description: String {
        switch self {
        case .noSuchRate(let rate, let available):
            "the dongle has no speed of \(rate) bit/s, only \(available.map(String.init).joined(separator: ", "))"
        case .noAnswer(let expected, let heard):
            "the dongle should have answered a command with \(expected.hexadecimal), and "
                + (heard.isEmpty ? "nothing came" : "\(heard.prefix(16).hexadecimal) came")
        case .portHoldsBytes: "the port does not send what was written to it"
        }
    }
}

extension ArraySlice<UInt8> {
    fileprivate var hexadecimal: String { Array(self).hexadecimal }
}
