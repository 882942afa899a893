/// Frames at the synchronous rates, as a packet controller sees them: the bytes between the flags or preambles.
///
/// MIR (576 kbit/s and 1.152 Mbit/s) keeps the check sequence of SIR, FIR (4 Mbit/s) and VFIR (16 Mbit/s) have one of 32 bits
/// (IrPHY 1.4, 5.3 to 5.5). Bit stuffing and the coding of bits as light are the controller's; `airTime` counts them.
public enum PacketFramer {
    /// The frame with its check sequence.
    ///
    /// - Parameters:
    ///   - frame: A, C and the I-field.
    ///   - rate: a rate above 115200 bit/s; below it `SIRFramer` is the one to use.
    public static func encode(_ frame: IrLAPFrame, at rate: BaudRate) -> [UInt8] {
        var bytes = frame.bytes
        let check = check(of: bytes, at: rate)
        for index in 0..<checkLength(at: rate) { bytes.append(UInt8(truncatingIfNeeded: check >> (8 * UInt32(index)))) }
        return bytes
    }

    /// A, C and the I-field of a packet; nil if it is too short or its check sequence is wrong.
    ///
    /// - Parameters:
    ///   - packet: what `encode` gives.
    ///   - rate: the rate at which it came.
    public static func decode(_ packet: [UInt8], at rate: BaudRate) -> [UInt8]? {
        let length = checkLength(at: rate)
        guard packet.count >= 2 + length else { return nil }
        let frame = Array(packet.dropLast(length))
        let sent = packet.suffix(length).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return check(of: frame, at: rate) == sent ? frame : nil
    }

    fileprivate static func checkLength(at rate: BaudRate) -> Int { rate >= .rate4000000 ? 4 : 2 }

    private static func check(of frame: [UInt8], at rate: BaudRate) -> UInt32 {
        rate >= .rate4000000 ? LongFrameCheckSequence.of(frame) : UInt32(FrameCheckSequence.of(frame))
    }
}

extension BaudRate {
    /// How long one frame keeps the light on, at whatever rate.
    public func airTime(of transmission: IrLAPTransmission) -> Duration {
        let frame = transmission.frame.bytes
        guard self > .rate115200 else {
            return time(
                forBytes: SIRFramer.encodedLength(frame, additionalBOFs: transmission.additionalBOFs))
        }
        return airTime(ofPacket: frame.count + PacketFramer.checkLength(at: self))
    }

    /// How long one packet keeps the light on.
    ///
    /// - Parameters:
    ///   - bytes: its bytes with the check sequence.
    ///   - additionalBOFs: what the receiver announced; at MIR anything but none asks for two more flags (IrLAP 1.1, 6.6.7).
    public func airTime(ofPacket bytes: Int, additionalBOFs: AdditionalBOFs = .bofs0) -> Duration {
        switch self {
        case .rate4000000:
            // Preamble, start and stop take 40 us, a byte 2 us (IrPHY 1.4, 5.4).
            return .nanoseconds(40_000 + 2000 * Int64(bytes))
        case .rate16000000:
            // Preamble, start, flush, stop and null take 15.5 us, a byte 0.5 us (IrPHY 1.4, 5.5).
            return .nanoseconds(15_500 + 500 * Int64(bytes))
        case .rate576000, .rate1152000:
            // Three flags or five, and a zero stuffed into every 63 random bits (IrPHY 1.4, 5.3).
            let flags = additionalBOFs == .bofs0 ? 3 : 5
            let bits = Double(8 * flags) + Double(8 * bytes) * 64 / 63
            return .nanoseconds(Int64(bits * 1e9 / Double(rawValue)))
        case .rate2400, .rate9600, .rate19200, .rate38400, .rate57600, .rate115200:
            return time(forBytes: bytes)
        }
    }
}

/// The 32-bit frame check sequence of FIR and VFIR: that of IEEE 802, least significant byte first (IrPHY 1.4, 5.4.2).
enum LongFrameCheckSequence {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { register, _ in
            register & 1 == 0 ? register >> 1 : (register >> 1) ^ 0xEDB8_8320
        }
    }

    static func of(_ bytes: [UInt8]) -> UInt32 {
        table.withUnsafeBufferPointer { table in
            ~bytes.reduce(UInt32.max) { register, byte in
                (register >> 8) ^ table[Int(UInt8(truncatingIfNeeded: register) ^ byte)]
            }
        }
    }
}
