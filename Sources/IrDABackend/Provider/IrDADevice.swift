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

    /// Puts what a later discovery has found in the place of what was known of the same devices.
    package static func add(_ now: [IrDADevice], to known: inout [IrDADevice]) {
        known.removeAll { old in now.contains { $0.id == old.id } }
        known += now
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
