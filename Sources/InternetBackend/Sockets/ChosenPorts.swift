import Glibc
import Synchronization
import SystemPackage

/// The ports from which Linux chooses for a socket that connects without having one (net.ipv4.ip_local_port_range, which counts for both
/// versions).
///
/// Read once, for the first connect of a backend. Whoever changes the range or the network namespace after that may have a socket connect to
/// itself in a port of the new range; the old one is still guarded.
final class ChosenPorts: Sendable {
    /// The bounds in its halves; 0 until they are read.
    private let bounds = Atomic<UInt32>(0)

    /// Whether Linux might choose this port. True for every port where the range cannot be read.
    func mayContain(_ port: UInt16) -> Bool {
        var bounds = bounds.load(ordering: .relaxed)
        if bounds == 0 {
            let range = Self.read() ?? 1...UInt16.max
            bounds = UInt32(range.lowerBound) << 16 | UInt32(range.upperBound)
            self.bounds.store(bounds, ordering: .relaxed)
        }
        return UInt16(bounds >> 16) <= port && port <= UInt16(truncatingIfNeeded: bounds)
    }

    private static func read() -> ClosedRange<UInt16>? {
        guard let file = try? FileDescriptor.open("/proc/sys/net/ipv4/ip_local_port_range", .readOnly) else {
            return nil
        }
        defer { try? file.close() }
        var text = [UInt8](repeating: 0, count: 32)
        guard let count = try? text.withUnsafeMutableBytes({ try file.read(into: $0) }) else { return nil }
        return range(in: String(decoding: text.prefix(count), as: UTF8.self))
    }

    /// Two numbers, as in `32768	60999`; nil for anything else.
    static func range(in text: String) -> ClosedRange<UInt16>? {
        let numbers = text.split(whereSeparator: \.isWhitespace).map { UInt16($0) }
        guard numbers.count == 2, let lowest = numbers[0], let highest = numbers[1], 1 <= lowest, lowest <= highest
        else { return nil }
        return lowest...highest
    }
}
