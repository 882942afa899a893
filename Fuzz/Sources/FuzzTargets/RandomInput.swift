public import IrDAProtocol

extension FuzzTarget {
    /// An input from random bytes, shaped so that it gets past the first check.
    public func randomInput(using generator: inout SeededGenerator) -> [UInt8] {
        let count = Int.random(in: 0...300, using: &generator)
        var bytes = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        switch self {
        case .deframer:
            // Many delimiters, and some good frames.
            for index in bytes.indices where Int.random(in: 0..<6, using: &generator) == 0 {
                bytes[index] = [0xC0, 0xC1, 0x7D, 0xFF].randomElement(using: &generator) ?? 0
            }
            bytes += SIRFramer.encode(Array(bytes.prefix(20)), additionalBOFs: 2)
        case .frames:
            if count > 1 {
                bytes[0] = [0xFF, 0xFE, 0x54, 0x55].randomElement(using: &generator) ?? 0
                bytes[1] = [0x93, 0x73, 0x3F, 0xBF, 0xF3, 0x97, 0x10, 0x11].randomElement(using: &generator) ?? 0
            }
        case .ias, .tinyTP, .irCOMM, .obex, .link, .station:
            break
        case .messages:
            // A number, a tag, and small numbers, as most messages have them.
            bytes =
                [0, 0, 0, 0, UInt8.random(in: 0...30, using: &generator)] + bytes.prefix(count / 8).map { $0 & 0x83 }
        case .usb:
            // Half are descriptors and firmware with something wrong.
            guard Bool.random(using: &generator) else { break }
            let good: [UInt8] =
                if Bool.random(using: &generator) {
                    Array("Product Version: 001.000.01\u{1A}STMP".utf8) + bytes.prefix(8)
                } else {
                    [9, 2, 48, 0, 1, 1, 0, 0x80, 50, 9, 4, 0, 0, 2, 0xFF, 0, 0, 0]
                        + [
                            7, 5, 0x82, 2, 64, 0, 0, 7, 5, 0x01, 2, 64, 0, 0, 7, 5, 0x83, 3, 8, 0, 1, 7, 5, 4, 3, 8, 0,
                            1,
                        ]
                }
            bytes = good
            for _ in 0..<Int.random(in: 0...3, using: &generator) {
                let index = Int.random(in: bytes.indices, using: &generator)
                bytes[index] = UInt8.random(in: .min ... .max, using: &generator)
            }
        case .scenario:
            let words = [
                "stations:", "- name: ", "services:", "[", "{", ": ", "\n  ", "address: ", "faults:", "- lose 5",
                "deaf 1 ", "&a ", "*a", "'", "0x",
            ]
            bytes = Array((0..<count / 8).flatMap { _ in (words.randomElement(using: &generator) ?? "").utf8 })
        case .capture:
            let header: [UInt8] =
                [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0] + [UInt8](repeating: 0, count: 8) + [
                    0xFF, 0xFF, 0, 0, 144, 0, 0, 0,
                ]
            let length = UInt8(min(bytes.count, 200))
            let record: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, length, 0, 0, 0, length, 0, 0, 0]
            bytes = header + record + bytes.prefix(200)
        }
        return bytes
    }
}
