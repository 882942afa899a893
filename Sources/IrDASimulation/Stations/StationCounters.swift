import IrDAProtocol

/// What a station has sent and received, as `netstat` would count it.
public struct StationCounters: Hashable, Sendable {
    /// Frames that have left.
    public internal(set) var framesSent: UInt64 = 0
    /// Their bytes: A, C and information.
    public internal(set) var bytesSent: UInt64 = 0
    /// Frames that have arrived with a good check sequence, whoever they were for.
    public internal(set) var framesReceived: UInt64 = 0
    /// Their bytes: A, C and information.
    public internal(set) var bytesReceived: UInt64 = 0
    /// Frames with a bad check sequence.
    public internal(set) var checkErrors: UInt64 = 0
    /// Frames that were given up by their sender.
    public internal(set) var aborts: UInt64 = 0
    /// Frames that were too short or too long.
    public internal(set) var lengthErrors: UInt64 = 0
    /// Light that was no frame: stray characters, lights that spoiled each other, frames without an end.
    public internal(set) var garbage: UInt64 = 0

    mutating func note(_ kind: SIRDeframer.Garbage) {
        switch kind {
        case .badFrameCheckSequence: checkErrors += 1
        case .aborted: aborts += 1
        case .tooShort, .overrun: lengthErrors += 1
        case .strayByte, .restarted: garbage += 1
        }
    }
}
