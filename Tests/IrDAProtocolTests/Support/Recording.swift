import Foundation
import Testing

/// A recorded session between two Linux stations: the raw bytes of both directions, a list of the frames, and a capture.
struct Recording {
    enum Direction: String, CaseIterable {
        case aToB = "a2b"
        case bToA = "b2a"
    }

    /// A line of the frame list.
    struct Listed {
        var number: Int
        var direction: Direction
        /// Fillers and BOF together.
        var begins: Int
        /// Bytes on the line, from the first filler to EOF.
        var lineLength: Int
        /// How the frame begins.
        var prefix: [UInt8]
    }

    /// A packet of the capture.
    struct Captured {
        var direction: Direction
        var frame: [UInt8]
    }

    static func raw(_ direction: Direction) throws -> [UInt8] {
        try contents("session.\(direction.rawValue).bin")
    }

    static func list() throws -> [Listed] {
        let text = String(decoding: try contents("session.frames.txt"), as: UTF8.self)
        return try text.split(separator: "\n").map { line in
            let words = line.split(separator: " ")
            func number(after key: String) throws -> Int {
                let word = try #require(words.first { $0.hasPrefix(key) }, "no \(key) in: \(line)")
                return try #require(Int(word.dropFirst(key.count)))
            }
            return Listed(
                number: try #require(Int(words[0])), direction: try #require(Direction(rawValue: String(words[1]))),
                begins: try number(after: "bof="), lineLength: try number(after: "rawlen="),
                prefix: hex(String(try #require(words.last))))
        }
    }

    /// The packets of the capture: classic pcap, little endian, link type 144 (Linux IrDA).
    static func capture() throws -> [Captured] {
        let bytes = try contents("session.pcap")
        func little32(_ offset: Int) -> Int {
            (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
        }
        try #require(bytes.count >= 24 && little32(0) == 0xA1B2_C3D4 && little32(20) == 144)
        var packets: [Captured] = []
        var offset = 24
        while offset < bytes.count {
            let length = little32(offset + 8)
            let packet = bytes[(offset + 16)..<(offset + 16 + length)]
            let header = Array(packet.prefix(16))
            #expect(Array(header[14...]) == [0x00, 0x17], "protocol of packet \(packets.count + 1)")
            packets.append(
                Captured(direction: header[1] == 4 ? .aToB : .bToA, frame: Array(packet.dropFirst(16))))
            offset += 16 + length
        }
        return packets
    }

    private static func contents(_ name: String) throws -> [UInt8] {
        let directory = try #require(Bundle.module.resourceURL, "the test bundle has no resources")
        return Array(try Data(contentsOf: directory.appending(path: "Fixtures/\(name)")))
    }
}
