/// The discovery info of a device: hints and nickname (IrLMP 1.1, 3.4.1).
public struct DeviceInfo: Sendable, Hashable {
    /// The most bytes of the whole field, so that a response fits its slot (IrLMP 1.1, 3.4.1.2).
    public static let maximumLength = 23

    /// The services hinted at.
    public var hints: ServiceHints
    /// The character set of the nickname.
    public var characterSet: CharacterSet
    /// The nickname in that character set, without a terminator.
    public var nickname: [UInt8]

    /// An info from its fields. What exceeds 23 bytes in all is cut when it is encoded.
    public init(hints: ServiceHints, characterSet: CharacterSet, nickname: [UInt8]) {
        self.hints = hints
        self.characterSet = characterSet
        self.nickname = nickname
    }

    /// An info with `name` in the simplest character set that holds it, cut to the 21, 20 or 19 bytes that 1, 2 or 3 hint
    /// bytes leave.
    public init(name: String, hints: ServiceHints) {
        let room = Self.maximumLength - hints.wireBytes.count - 1
        let (characterSet, nickname) = CharacterSet.encode(name, limit: room)
        self.init(hints: hints, characterSet: characterSet, nickname: nickname)
    }

    /// Reads a received info. Every sequence is one: the field may be empty or end behind the hints.
    public init(bytes: [UInt8]) {
        let (hints, length) = ServiceHints.decode(bytes)
        let rest = bytes.dropFirst(length)
        self.init(
            hints: hints, characterSet: rest.first.map(CharacterSet.init(rawValue:)) ?? .ascii,
            nickname: Array(rest.dropFirst()))
    }

    /// The info as transmitted: hint bytes, character set, nickname; at most 23 bytes.
    public var bytes: [UInt8] {
        Array((hints.wireBytes + [characterSet.rawValue] + nickname).prefix(Self.maximumLength))
    }

    /// The nickname as text, decoded as well as possible.
    public var name: String { characterSet.decode(nickname) }
}
