import SocketBackends

/// What a `SOCKADDR_IRDA` says behind the device: a class in the information base, or a selector.
public enum IrDAServiceName: Hashable, Sendable {
    /// The name of a class whose attribute IrDA:TinyTP:LsapSel leads to the service; at most 24 bytes, and not empty.
    case name(String)
    /// A selector, 1 to 127, written `LSAP-SELnnn` in the structure and `lsap:nnn` by people.
    case selector(UInt8)
    /// Nothing: a local address that leaves the choice to the station.
    case unspecified

    /// The bytes that a name may have besides its NUL.
    static let maximumLength = 24
    private static let selectorPrefix = "LSAP-SEL"
    private static let shortPrefix = "lsap:"

    /// Reads what stands in the structure.
    ///
    /// - Returns: nil for `LSAP-SEL` with something else than a number from 1 to 127 behind it.
    init?(field text: String) {
        if text.isEmpty {
            self = .unspecified
        } else if text.hasPrefix(Self.selectorPrefix) {
            guard let selector = Self.selector(text.dropFirst(Self.selectorPrefix.count)) else { return nil }
            self = .selector(selector)
        } else {
            self = .name(text)
        }
    }

    /// Reads what a person wrote, either form of a selector or a name.
    init?(text: String) {
        guard text.hasPrefix(Self.shortPrefix) else {
            self.init(field: text)
            return
        }
        guard let selector = Self.selector(text.dropFirst(Self.shortPrefix.count)) else { return nil }
        self = .selector(selector)
    }

    /// What stands in the structure, without the NUL.
    var field: String {
        switch self {
        case .name(let name): name
        case .selector(let selector): "\(Self.selectorPrefix)\(selector)"
        case .unspecified: ""
        }
    }

    private static func selector(_ digits: some StringProtocol) -> UInt8? {
        guard digits.allSatisfy(\.isASCII), digits.first?.isNumber == true, let number = UInt8(digits),
            (1...127).contains(number)
        else { return nil }
        return number
    }
}

extension IrDAServiceName: CustomStringConvertible {
    /// The form that people write.
    public var description: String {
        switch self {
        case .name(let name): name
        case .selector(let selector): "\(Self.shortPrefix)\(selector)"
        case .unspecified: ""
        }
    }
}
