extension ServiceBehaviour: LosslessStringConvertible {
    /// How many bytes a source sends that is not told how many: 64 KiB.
    public static let defaultSourceSize = 65536

    /// The forms in which behaviours are written.
    public static let forms = ["echo", "sink", "source[:BYTES]", "inbox", "serial", "modem", "printer", "exec:COMMAND"]

    /// A behaviour in one of the `forms`; nil for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let argument = parts.count > 1 ? String(parts[1]) : nil
        switch (parts.first, argument) {
        case ("echo", nil): self = .echo
        case ("sink", nil): self = .sink
        case ("source", nil): self = .source(bytes: Self.defaultSourceSize)
        case ("source", let size?):
            guard let bytes = Int(size), bytes >= 0 else { return nil }
            self = .source(bytes: bytes)
        case ("inbox", nil): self = .inbox
        case ("serial", nil): self = .serial
        case ("modem", nil): self = .modem
        case ("printer", nil): self = .printer
        case ("exec", let command?):
            guard command.contains(where: { !$0.isWhitespace }) else { return nil }
            self = .program(command)
        default: return nil
        }
    }

    /// The behaviour as it is written.
    public var description: String {
        switch self {
        case .echo: "echo"
        case .sink: "sink"
        case .source(let bytes): "source:\(bytes)"
        case .inbox: "inbox"
        case .serial: "serial"
        case .modem: "modem"
        case .printer: "printer"
        case .program(let command): "exec:\(command)"
        }
    }
}
