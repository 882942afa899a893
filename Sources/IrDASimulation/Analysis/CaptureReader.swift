import IrDAProtocol

/// Reads captures of infrared frames: classic pcap of link type 144 (LINUX_IRDA), in either byte order, with times in
/// microseconds or nanoseconds.
public enum CaptureReader {
    /// What a file holds.
    public struct Contents: Hashable, Sendable {
        /// The frames, in the order of the file; moments count from the first record.
        public var frames: [ObservedFrame]
        /// Whether the last record is not whole, as in a capture that is still being written.
        public var isCutShort: Bool
    }

    private static let fileHeaderLength = 24
    private static let recordHeaderLength = 16
    /// The packet type, fields that nobody reads, and the protocol.
    private static let packetHeaderLength = 16
    private static let linkType: UInt32 = 144
    private static let protocolNumber: UInt16 = 0x0017

    /// Reads a whole file.
    ///
    /// - Throws: `CaptureReadError` if it is not such a capture. Records of other protocols are left out.
    public static func read(_ bytes: [UInt8]) throws(CaptureReadError) -> Contents {
        guard bytes.count >= fileHeaderLength else { throw .noCapture }
        let format = try Format(magic: Array(bytes.prefix(4)))
        let type = format.number(bytes, at: 20) & 0x0FFF_FFFF
        guard type == linkType else { throw .otherLinkType(type) }
        var contents = Contents(frames: [], isCutShort: false)
        var first: Int64?
        var place = fileHeaderLength
        while place < bytes.count {
            guard bytes.count - place >= recordHeaderLength else { break }
            let length = Int(format.number(bytes, at: place + 8))
            let data = place + recordHeaderLength
            guard bytes.count - data >= length else { break }
            let time = format.nanoseconds(
                seconds: format.number(bytes, at: place), fraction: format.number(bytes, at: place + 4))
            let start = first ?? time
            first = start
            let moment = IrDAInstant(nanoseconds: time - start)
            if let frame = frame(bytes[data..<data + length], at: moment) { contents.frames.append(frame) }
            place = data + length
        }
        contents.isCutShort = place != bytes.count
        return contents
    }

    private static func frame(_ packet: ArraySlice<UInt8>, at moment: IrDAInstant) -> ObservedFrame? {
        let packet = Array(packet)
        guard packet.count >= packetHeaderLength + 2,
            UInt16(packet[14]) << 8 | UInt16(packet[15]) == protocolNumber
        else { return nil }
        let direction: ObservedFrame.Direction
        switch UInt16(packet[0]) << 8 | UInt16(packet[1]) {
        case 0x0000: direction = .received
        case 0x0004: direction = .sent
        default: return nil  // A log message or a gap.
        }
        return ObservedFrame(moment: moment, direction: direction, bytes: Array(packet.dropFirst(packetHeaderLength)))
    }

    private struct Format {
        let isBigEndian: Bool
        let hasNanoseconds: Bool

        init(magic: [UInt8]) throws(CaptureReadError) {
            switch magic {
            case [0xA1, 0xB2, 0xC3, 0xD4]: (isBigEndian, hasNanoseconds) = (true, false)
            case [0xD4, 0xC3, 0xB2, 0xA1]: (isBigEndian, hasNanoseconds) = (false, false)
            case [0xA1, 0xB2, 0x3C, 0x4D]: (isBigEndian, hasNanoseconds) = (true, true)
            case [0x4D, 0x3C, 0xB2, 0xA1]: (isBigEndian, hasNanoseconds) = (false, true)
            case [0x0A, 0x0D, 0x0D, 0x0A]: throw .nextGeneration
            default: throw .noCapture
            }
        }

        func number(_ bytes: [UInt8], at place: Int) -> UInt32 {
            let four = bytes[place..<place + 4]
            return isBigEndian
                ? four.reduce(0) { $0 << 8 | UInt32($1) } : four.reversed().reduce(0) { $0 << 8 | UInt32($1) }
        }

        func nanoseconds(seconds: UInt32, fraction: UInt32) -> Int64 {
            Int64(seconds) * 1_000_000_000 + Int64(fraction) * (hasNanoseconds ? 1 : 1000)
        }
    }
}

/// Why a file cannot be read as a capture of infrared frames.
public enum CaptureReadError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It does not begin as a capture does.
    case noCapture
    /// It is a capture in the newer format.
    case nextGeneration
    /// It holds frames of another kind; the number is pcap's.
    case otherLinkType(UInt32)

    /// What is wrong, and what to do.
    public var description: String {
        switch self {
        case .noCapture: "it is no capture (pcap); write one with --capture"
        case .nextGeneration:
            "it is a capture in the newer format, pcapng; turn it into pcap: tshark -F pcap -r CAPTURE -w NEW"
        case .otherLinkType(let type): "it is a capture of something else (link type \(type), infrared is 144)"
        }
    }
}
