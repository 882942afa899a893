import Glibc

/// The speed of work on bytes, beside that of copying them.
enum Throughput {
    /// Measures both in turns, and reports the speed in MB/s and the ratio.
    ///
    /// - Parameter work: to be done on all the bytes; false if it went wrong.
    static func report(
        _ name: String, of bytes: [UInt8], to report: (Figure) -> Void, _ work: () -> Bool
    ) throws {
        var copy = [UInt8](repeating: 0, count: bytes.count)
        var times: [Double] = []
        var ratios: [Double] = []
        for _ in 0..<9 {
            var isRight = true
            let time = ProcessorTime.seconds { isRight = work() }
            guard isRight else { throw BenchmarkFailure("\(name): the result is wrong.") }
            // A copy is so fast that one is too short to measure.
            let copies = 16
            let copyTime = ProcessorTime.seconds {
                for _ in 0..<copies { memcpy(&copy, bytes, bytes.count) }
            }
            times.append(time)
            ratios.append(time / (copyTime / Double(copies)))
        }
        let speed = Double(bytes.count) / 1e6 / times.median
        report(
            Figure(
                name, speed, "MB/s",
                comparedWith:
                    "\(ratios.median.text(decimals: 1)) times the time of a copy; 115200 bit/s are 0.0115 MB/s"))
    }
}
