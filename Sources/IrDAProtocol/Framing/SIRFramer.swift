/// Wraps frames for the asynchronous line of 2400 to 115200 bit/s (IrLAP 1.1, 10.1).
public enum SIRFramer {
    /// The bytes on the line for one frame: fillers `FF`, BOF, the escaped frame and check sequence, EOF.
    ///
    /// - Parameters:
    ///   - frame: A, C and the I-field, unescaped and without the check sequence.
    ///   - additionalBOFs: how many fillers precede the BOF; a negative number counts as none.
    public static func encode(_ frame: [UInt8], additionalBOFs: Int) -> [UInt8] {
        var line: [UInt8] = []
        frame.withUnsafeBufferPointer { encode(head: nil, $0, additionalBOFs: additionalBOFs, into: &line) }
        return line
    }

    /// The bytes on the line for one frame, without putting its parts together first.
    ///
    /// - Parameters:
    ///   - frame: the frame.
    ///   - additionalBOFs: how many fillers precede the BOF; a negative number counts as none.
    public static func encode(_ frame: IrLAPFrame, additionalBOFs: Int) -> [UInt8] {
        var line: [UInt8] = []
        encode(frame, additionalBOFs: additionalBOFs, into: &line)
        return line
    }

    /// Puts the bytes on the line for one frame behind others.
    ///
    /// - Parameters:
    ///   - frame: the frame.
    ///   - additionalBOFs: how many fillers precede the BOF; a negative number counts as none.
    ///   - line: where they go; its memory is used as far as it reaches.
    public static func encode(_ frame: IrLAPFrame, additionalBOFs: Int, into line: inout [UInt8]) {
        frame.information.withUnsafeBufferPointer { information in
            encode(
                head: (frame.address.byte, frame.control.byte), information, additionalBOFs: additionalBOFs, into: &line
            )
        }
    }

    private static func encode(
        head: (address: UInt8, control: UInt8)?, _ body: UnsafeBufferPointer<UInt8>, additionalBOFs: Int,
        into line: inout [UInt8]
    ) {
        let fillers = max(0, additionalBOFs)
        // Twice the length is the worst case; what is not needed is never touched.
        line.reserveCapacity(line.count + fillers + 2 * (2 + body.count + 2) + 2)
        for _ in 0..<fillers { line.append(SIRByte.filler) }
        line.append(SIRByte.begin)
        var check = FrameCheckSequence()
        if let head {
            check.update(head.address)
            check.update(head.control)
            append(head.address, to: &line)
            append(head.control, to: &line)
        }
        check.update(contentsOf: body)
        var index = 0
        while index < body.count {
            let end = SIRByte.plainEnd(in: body, from: index)
            line.append(contentsOf: UnsafeBufferPointer(rebasing: body[index..<end]))
            index = end
            if index < body.count {
                append(body[index], to: &line)
                index += 1
            }
        }
        append(UInt8(truncatingIfNeeded: check.value), to: &line)
        append(UInt8(truncatingIfNeeded: check.value >> 8), to: &line)
        line.append(SIRByte.end)
    }

    /// The number of bytes `encode` gives for the same arguments, without building them.
    public static func encodedLength(_ frame: [UInt8], additionalBOFs: Int) -> Int {
        let check = FrameCheckSequence.of(frame)
        let tail = [UInt8(truncatingIfNeeded: check), UInt8(truncatingIfNeeded: check >> 8)]
        return max(0, additionalBOFs) + 2 + frame.count + SIRByte.escapes(in: frame) + 2 + SIRByte.escapes(in: tail)
    }

    private static func append(_ byte: UInt8, to line: inout [UInt8]) {
        if SIRByte.needsEscape(byte) {
            line.append(SIRByte.escape)
            line.append(byte ^ SIRByte.escapeMask)
        } else {
            line.append(byte)
        }
    }
}
