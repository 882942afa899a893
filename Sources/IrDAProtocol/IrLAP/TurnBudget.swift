/// What one turn may still take: frames of the window, bytes of the line capacity, characters of the time.
///
/// The rule of IrLAP 1.1, 6.6.11, counts bytes before they are escaped, fillers and the peer's minimum turn-around time
/// included, and the turn must stay below the capacity. Escapes can double the time that these bytes take, so they are counted
/// too, against the peer's maximum turn-around time.
struct TurnBudget: Sendable {
    /// BOF, EOF, A, C and the check sequence.
    private static let bytesAroundInformation = 6
    /// A, C and both bytes of the check sequence may each have to be escaped.
    private static let escapesAroundInformation = 4

    /// The bytes and characters of a frame beside its information.
    let overhead: Int
    private let escapes: Int
    private var frames: Int
    private var bytes: Int
    private var characters: Int

    init(_ limits: LinkParameters.Direction, rate: BaudRate, window: Int) {
        overhead = Self.bytesAroundInformation + limits.additionalBOFs.count(at: rate)
        escapes = rate <= .rate115200 ? Self.escapesAroundInformation : 0
        frames = window
        bytes = limits.lineCapacity - 1 - limits.turnaroundBytes
        let time = (limits.maximumTurnaround - limits.minimumTurnaround).wholeNanoseconds
        let character = rate.time(forBytes: 1).wholeNanoseconds
        characters = Int(max(0, time) / character) - 1
    }

    /// Whether a frame fits.
    func fits(_ frame: OutgoingFrame) -> Bool {
        frames > 0 && frame.count + overhead <= bytes && frame.characters + overhead + escapes <= characters
    }

    /// Counts a frame; the first of a turn goes even if it does not fit.
    mutating func take(_ frame: OutgoingFrame) {
        frames -= 1
        bytes -= frame.count + overhead
        characters -= frame.characters + overhead + escapes
    }

    /// Counts an S frame that ends the turn.
    mutating func reserveSupervisory() {
        bytes -= overhead
        characters -= overhead + escapes
    }

    /// What another frame may carry; nil if the window is used up.
    var room: InformationRoom? {
        guard frames > 0 else { return nil }
        return InformationRoom(bytes: bytes - overhead, characters: characters - overhead - escapes)
    }
}

/// The information of a frame that is to be sent.
struct OutgoingFrame: Sendable {
    let information: [UInt8]
    /// How many characters it takes on the air, escapes counted.
    let characters: Int

    var count: Int { information.count }

    init(_ information: [UInt8], rate: BaudRate) {
        self.information = information
        characters = information.count + (rate <= .rate115200 ? SIRByte.escapes(in: information) : 0)
    }
}
