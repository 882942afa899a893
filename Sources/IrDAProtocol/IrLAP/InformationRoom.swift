/// How much a link would take as the information of its next frame: in bytes, and in characters on the air.
///
/// Both count: IrLAP limits a turn by its unescaped bytes (IrLAP 1.1, 6.6.11), and no turn may take longer than the peer
/// allows, whatever has to be escaped (6.13 rule 4).
public struct InformationRoom: Hashable, Sendable {
    /// The most bytes, unescaped.
    public var bytes: Int
    /// The most characters, escapes counted.
    public var characters: Int

    /// A room of so many bytes and characters.
    public init(bytes: Int, characters: Int) {
        self.bytes = bytes
        self.characters = characters
    }

    /// Room for so many bytes, whatever has to be escaped.
    public init(bytes: Int) {
        self.init(bytes: bytes, characters: 2 * bytes)
    }

    /// What is left behind a header of so many bytes, each of which may have to be escaped.
    public func behind(header: Int) -> InformationRoom {
        InformationRoom(bytes: bytes - header, characters: characters - 2 * header)
    }

    /// How many of these bytes fit.
    ///
    /// - Parameter data: what is to be sent; as much of it as fits is counted.
    public func prefixLength(of data: some Collection<UInt8>) -> Int {
        let most = min(bytes, data.count)
        guard most > 0 else { return 0 }
        var left = characters
        guard left < 2 * most else { return most }
        var length = 0
        for byte in data.prefix(most) {
            left -= SIRByte.needsEscape(byte) ? 2 : 1
            if left < 0 { break }
            length += 1
        }
        return length
    }
}
