/// The lines that a DTE (a computer) drives, with what has changed (IrCOMM 1.0, 10.3; parameter 20).
public struct DTELines: OptionSet, Hashable, Sendable {
    /// The byte on the line.
    public let rawValue: UInt8

    /// The lines of this byte.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// DTR has changed.
    public static let dtrChanged = Self(rawValue: 0x01)
    /// RTS has changed.
    public static let rtsChanged = Self(rawValue: 0x02)
    /// Data terminal ready.
    public static let dtr = Self(rawValue: 0x04)
    /// Request to send.
    public static let rts = Self(rawValue: 0x08)

    /// All lines.
    public static let all: Self = [.dtr, .rts]

    /// The lines without what has changed.
    public var state: Self { intersection(.all) }

    /// The lines, with the marks of those that were otherwise before.
    func marking(changesFrom old: Self) -> Self {
        let changed = state.symmetricDifference(old.state)
        var marked = state
        if changed.contains(.dtr) { marked.insert(.dtrChanged) }
        if changed.contains(.rts) { marked.insert(.rtsChanged) }
        return marked
    }

    /// What these lines are at the other end of a null-modem cable (IrCOMM 1.0, 10.6).
    public var acrossNullModem: DCELines {
        var lines: DCELines = []
        if contains(.rts) { lines.insert(.cts) }
        if contains(.dtr) { lines.formUnion([.dsr, .cd, .ri]) }
        return lines
    }
}

/// The lines that a DCE (a modem) drives, with what has changed (IrCOMM 1.0, 10.3; parameter 21).
public struct DCELines: OptionSet, Hashable, Sendable {
    /// The byte on the line.
    public let rawValue: UInt8

    /// The lines of this byte.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// CTS has changed.
    public static let ctsChanged = Self(rawValue: 0x01)
    /// DSR has changed.
    public static let dsrChanged = Self(rawValue: 0x02)
    /// RI has changed.
    public static let riChanged = Self(rawValue: 0x04)
    /// CD has changed.
    public static let cdChanged = Self(rawValue: 0x08)
    /// Clear to send.
    public static let cts = Self(rawValue: 0x10)
    /// Data set ready.
    public static let dsr = Self(rawValue: 0x20)
    /// Ring indicator.
    public static let ri = Self(rawValue: 0x40)
    /// Carrier detect.
    public static let cd = Self(rawValue: 0x80)

    /// All lines.
    public static let all: Self = [.cts, .dsr, .ri, .cd]
    /// What a modem shows that is there and has no call, and what is told of a port that carries no lines.
    public static let ready: Self = [.cts, .dsr, .cd]

    /// The lines without what has changed.
    public var state: Self { intersection(.all) }

    /// The lines, with the marks of those that were otherwise before.
    func marking(changesFrom old: Self) -> Self {
        // Each mark stands four bits below its line.
        let changed = state.symmetricDifference(old.state)
        return state.union(Self(rawValue: changed.rawValue >> 4))
    }
}

extension DTELines: CustomStringConvertible {
    /// The names of the lines that are on: `DTR RTS`.
    public var description: String {
        [(Self.dtr, "DTR"), (.rts, "RTS")].filter { contains($0.0) }.map(\.1).joined(separator: " ")
    }
}

extension DCELines: CustomStringConvertible {
    /// The names of the lines that are on: `CTS DSR`.
    public var description: String {
        [(Self.cts, "CTS"), (.dsr, "DSR"), (.ri, "RI"), (.cd, "CD")].filter { contains($0.0) }.map(\.1)
            .joined(separator: " ")
    }
}

/// What went wrong on a serial line (IrCOMM 1.0, 9.3.6; parameter 15).
public struct SerialLineErrors: OptionSet, Hashable, Sendable {
    /// The byte on the line.
    public let rawValue: UInt8

    /// The errors of this byte; bits that mean nothing are dropped.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue & 0x0E
    }

    /// Characters came faster than they were taken.
    public static let overrun = Self(rawValue: 0x02)
    /// A parity bit was wrong.
    public static let parity = Self(rawValue: 0x04)
    /// A stop bit was missing.
    public static let framing = Self(rawValue: 0x08)
}
