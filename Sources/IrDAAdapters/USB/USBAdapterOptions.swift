/// Something about a kind of adapter that nobody has seen on hardware, or that some of them do differently: its owner can switch it.
public struct USBQuirk: Hashable, Sendable {
    /// What people call it: `modem-lines`.
    public let name: String
    /// What it changes, and for which adapters, as a clause.
    public let summary: String

    init(_ name: String, _ summary: String) {
        self.name = name
        self.summary = summary
    }
}

/// What the owner of an adapter says about it.
public struct USBAdapterOptions: Hashable, Sendable {
    /// The names of quirks.
    public var quirks: [String]
    /// Its firmware.
    public var firmware: STIr421xFirmware?

    /// Says something about an adapter.
    public init(quirks: [String] = [], firmware: STIr421xFirmware? = nil) {
        self.quirks = quirks
        self.firmware = firmware
    }

    func has(_ name: String) -> Bool { quirks.contains(name) }

    /// The form of the request for a speed.
    var speedRequest: KingSunSpeedRequest? { quirks.lazy.compactMap(KingSunSpeedRequest.init(rawValue:)).first }
}

/// What is wrong with the options of an adapter: a clause for people.
public struct USBAdapterOptionError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The clause, without a full stop.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
