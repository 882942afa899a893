/// Wraps frames for the asynchronous line of 2400 to 115200 bit/s (IrLAP 1.1, 10.1).
public enum SIRFramer {
    /// The bytes on the line for one frame: fillers `FF`, BOF, the escaped frame and check sequence, EOF.
    ///
    /// - Parameters:
    ///   - frame: A, C and the I-field, unescaped and without the check sequence.
    ///   - additionalBOFs: how many fillers precede the BOF; a negative number counts as none.
    public static func encode(_ frame: [UInt8], additionalBOFs: Int) -> [UInt8] {
        frame.withUnsafeBufferPointer { frame in
            encode(head: [], frame, additionalBOFs: additionalBOFs)
        }
    }

    /// The bytes on the line for one frame, without putting its parts together first.
    ///
    /// - Parameters:
    ///   - frame: the frame.
    ///   - additionalBOFs: how many fillers precede the BOF; a negative number counts as none.
    public static func encode(_ frame: IrLAPFrame, additionalBOFs: Int) -> [UInt8] {
        frame.information.withUnsafeBufferPointer { information in
            encode(
                head: [frame.address.byte, frame.control.byte], information,
                additionalBOFs: additionalBOFs)
        }
    }

    private static func encode(
        head: some Collection<UInt8>, _ body: UnsafeBufferPointer<UInt8>, additionalBOFs: Int
    ) -> [UInt8] {
        let fillers = max(0, additionalBOFs)
        // Twice the length is the worst case; what is not needed is never touched.
        let capacity = fillers + 2 * (head.count + body.count + 2) + 2
        return Array(unsafeUninitializedCapacity: capacity) { line, count in
            for index in 0..<fillers { line[index] = SIRByte.filler }
            count = fillers
            line[count] = SIRByte.begin
            count += 1
            var check = FrameCheckSequence()
            for byte in head {
                check.update(byte)
                append(byte, to: line, &count)
            }
            check.update(contentsOf: body)
            var index = 0
            while index < body.count {
                let end = SIRByte.plainEnd(in: body, from: index)
                let run = UnsafeBufferPointer(rebasing: body[index..<end])
                _ = UnsafeMutableBufferPointer(rebasing: line[count...]).update(fromContentsOf: run)
                count += run.count
                index = end
                if index < body.count {
                    append(body[index], to: line, &count)
                    index += 1
                }
            }
            append(UInt8(truncatingIfNeeded: check.value), to: line, &count)
            append(UInt8(truncatingIfNeeded: check.value >> 8), to: line, &count)
            line[count] = SIRByte.end
            count += 1
        }
    }

    /// The number of bytes `encode` gives for the same arguments, without building them.
    public static func encodedLength(_ frame: [UInt8], additionalBOFs: Int) -> Int {
        let check = FrameCheckSequence.of(frame)
        let tail = [UInt8(truncatingIfNeeded: check), UInt8(truncatingIfNeeded: check >> 8)]
        return max(0, additionalBOFs) + 2 + frame.count + SIRByte.escapes(in: frame) + 2 + SIRByte.escapes(in: tail)
    }

    private static func append(_ byte: UInt8, to line: UnsafeMutableBufferPointer<UInt8>, _ count: inout Int) {
        if SIRByte.needsEscape(byte) {
            line[count] = SIRByte.escape
            line[count + 1] = byte ^ SIRByte.escapeMask
            count += 2
        } else {
            line[count] = byte
            count += 1
        }
    }
}
