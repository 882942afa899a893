/// The bytes with a meaning of their own in asynchronous (SIR) framing (IrLAP 1.1, 10.1.1).
enum SIRByte {
    /// The recommended extra begin-of-frame filler (XBOF).
    static let filler: UInt8 = 0xFF
    /// Begin of frame (BOF).
    static let begin: UInt8 = 0xC0
    /// End of frame (EOF).
    static let end: UInt8 = 0xC1
    /// Control escape (CE): the next byte is XORed with `escapeMask`.
    static let escape: UInt8 = 0x7D
    /// What an escaped byte is XORed with.
    static let escapeMask: UInt8 = 0x20

    /// Whether a byte must be escaped between BOF and EOF.
    static func needsEscape(_ byte: UInt8) -> Bool {
        byte == begin || byte == end || byte == escape
    }
}

/// Wraps frames for the asynchronous line of 2400 to 115200 bit/s (IrLAP 1.1, 10.1).
public enum SIRFramer {
    /// The bytes on the line for one frame: fillers `FF`, BOF, the escaped frame and check sequence, EOF.
    ///
    /// - Parameters:
    ///   - frame: A, C and the I-field, unescaped and without the check sequence.
    ///   - additionalBOFs: how many fillers precede the BOF; a negative number counts as none.
    public static func encode(_ frame: [UInt8], additionalBOFs: Int) -> [UInt8] {
        let fillers = max(0, additionalBOFs)
        var line: [UInt8] = []
        line.reserveCapacity(fillers + frame.count + frame.count / 32 + 8)
        line.append(contentsOf: repeatElement(SIRByte.filler, count: fillers))
        line.append(SIRByte.begin)
        var check = FrameCheckSequence()
        for byte in frame {
            check.update(byte)
            append(byte, to: &line)
        }
        append(UInt8(truncatingIfNeeded: check.value), to: &line)
        append(UInt8(truncatingIfNeeded: check.value >> 8), to: &line)
        line.append(SIRByte.end)
        return line
    }

    /// The number of bytes `encode` gives for the same arguments, without building them.
    ///
    /// Turn planning needs the escaped length: escapes can double the time a frame takes.
    public static func encodedLength(_ frame: [UInt8], additionalBOFs: Int) -> Int {
        var check = FrameCheckSequence()
        var length = max(0, additionalBOFs) + 2
        for byte in frame {
            check.update(byte)
            length += escapedLength(byte)
        }
        return length + escapedLength(UInt8(truncatingIfNeeded: check.value))
            + escapedLength(UInt8(truncatingIfNeeded: check.value >> 8))
    }

    private static func append(_ byte: UInt8, to line: inout [UInt8]) {
        if SIRByte.needsEscape(byte) {
            line.append(SIRByte.escape)
            line.append(byte ^ SIRByte.escapeMask)
        } else {
            line.append(byte)
        }
    }

    private static func escapedLength(_ byte: UInt8) -> Int {
        SIRByte.needsEscape(byte) ? 2 : 1
    }
}
