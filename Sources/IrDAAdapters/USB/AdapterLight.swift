/// What goes through an adapter: one of the two faces that adapters have.
public enum AdapterLight: Hashable, Sendable {
    /// Characters as they are on the air, fillers, BOF, escapes, check sequence and EOF included.
    case characters([UInt8])
    /// A frame: A, C and I-field; the rest is the adapter's.
    case frame([UInt8], additionalBOFs: Int)

    /// Whether there is nothing to send.
    var isEmpty: Bool {
        switch self {
        case .characters(let bytes), .frame(let bytes, _): bytes.isEmpty
        }
    }

    /// How long it takes at a speed, in bit/s.
    func airTime(at rate: Int) -> Duration {
        switch self {
        case .characters(let bytes): return .characters(bytes.count, at: rate)
        case .frame(let frame, let fillers):
            guard rate > 115_200 else {
                // BOF, check sequence and EOF; two characters for each that is escaped.
                let escapes = frame.count { $0 == 0xC0 || $0 == 0xC1 || $0 == 0x7D }
                return .characters(max(0, fillers) + frame.count + escapes + 4, at: rate)
            }
            // Flags or preamble, stop and check sequence of MIR and FIR. What MIR stuffs is not counted: drivers ask before they rely
            // on the end.
            return .nanoseconds(Int64(frame.count + 28) * 8_000_000_000 / Int64(rate))
        }
    }
}
