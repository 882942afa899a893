import IrDAProtocol

/// Bytes to compare. Unlike an array's, their difference is told in a word, and takes no time to find.
struct Bytes: Equatable, Sendable, CustomStringConvertible, CustomReflectable {
    let bytes: [UInt8]

    init(_ bytes: [UInt8] = []) {
        self.bytes = bytes
    }

    /// Random bytes that are the same in every run.
    static func random(_ count: Int, seed: UInt64) -> Bytes {
        var generator = SeededGenerator(seed: seed)
        return Bytes((0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }

    var count: Int { bytes.count }
    func prefix(_ count: Int) -> Bytes { Bytes(Array(bytes.prefix(count))) }
    func suffix(_ count: Int) -> Bytes { Bytes(Array(bytes.suffix(count))) }
    func reversed() -> Bytes { Bytes(bytes.reversed()) }

    var description: String {
        let shown = bytes.prefix(16).map { String($0, radix: 16) }.joined(separator: " ")
        return "\(count) bytes: \(shown)\(count > 16 ? " …" : "")"
    }

    var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }
}
