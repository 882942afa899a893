import IrDAProtocol

extension SeededGenerator {
    /// Random bytes; one in four is a byte that framing treats specially or that often occurs in headers.
    mutating func bytes(_ count: Int) -> [UInt8] {
        let special: [UInt8] = [0xC0, 0xC1, 0x7D, 0xFF, 0x00, 0x01, 0x84, 0x80]
        return (0..<count).map { _ in
            UInt8.random(in: 0...3, using: &self) == 0
                ? special[Int.random(in: 0..<special.count, using: &self)]
                : UInt8.random(in: 0...255, using: &self)
        }
    }
}
