import IrDAProtocol

/// A device that a discovery has found.
public struct IrDADevice: Hashable, Sendable {
    /// Its address; changes with every start of the device.
    public var id: IrDADeviceID
    /// Its name, fit to be shown: what a terminal would obey stands in it as U+FFFD.
    public var name: String
    /// What it says that it can do: the bits of the two hint bytes, the first in the low byte, without extension bits.
    public var hints: UInt16
    /// The character set of the name (IrLMP 1.1, 4.3.3.2.4).
    public var characterSet: UInt8
    /// The name as sent, in that character set.
    public var rawName: [UInt8]

    /// Describes a device.
    public init(id: IrDADeviceID, hints: UInt16, characterSet: UInt8, rawName: [UInt8]) {
        self.id = id
        self.hints = hints
        self.characterSet = characterSet
        self.rawName = rawName
        name = CharacterSet(rawValue: characterSet).decode(rawName).printable
    }

    /// Looks around until somebody is found who is wanted, three times at most.
    ///
    /// Where several devices answer in one slot none is heard; they choose other slots the next time.
    ///
    /// - Returns: all that were found, and those of them who are wanted.
    package static func search<Problem: Error>(
        by discover: () throws(Problem) -> [IrDADevice], for choice: ([IrDADevice]) -> [IrDADevice]
    ) throws(Problem) -> (found: [IrDADevice], wanted: [IrDADevice]) {
        var found: [IrDADevice] = []
        var wanted: [IrDADevice] = []
        for _ in 0..<3 where wanted.isEmpty {
            let now = try discover()
            // What was known of the same devices before may no longer be so.
            found.removeAll { old in now.contains { $0.id == old.id } }
            found += now
            wanted = choice(found)
        }
        return (found, wanted)
    }

    /// The name that stands in a field of a fixed size, which zeros fill.
    static func name(inField field: some Collection<UInt8>, characterSet: UInt8) -> [UInt8] {
        guard CharacterSet(rawValue: characterSet) == .unicode else { return Array(field.prefix { $0 != 0 }) }
        // Of characters of two bytes one byte may well be zero.
        var name = Array(field)
        while name.count >= 2, name.suffix(2) == [0, 0] { name.removeLast(2) }
        return name
    }
}
