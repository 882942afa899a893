import FuzzTargets
import Glibc
import IrDAProtocol
import Testing

/// What fuzzing has found, and what it has learned, on every run of the tests. A target that finds something traps.
@Suite struct ReplayTests {
    /// How many inputs each target gets from seeds; more of them by hand.
    private static let seeds: Range<UInt64> = 0..<400

    @Test("Every input of the corpus finds nothing", arguments: FuzzTarget.allCases)
    func corpus(target: FuzzTarget) throws {
        let inputs = try Corpus.inputs(of: target)
        #expect(!inputs.isEmpty, "Fuzz/Corpus/\(target.rawValue) is empty")
        for input in inputs { target.run(input) }
    }

    @Test("Random inputs find nothing", arguments: FuzzTarget.allCases)
    func random(target: FuzzTarget) {
        for seed in Self.seeds {
            var generator = SeededGenerator(seed: seed)
            target.run(target.randomInput(using: &generator))
        }
    }
}

/// The files in Fuzz/Corpus.
private enum Corpus {
    struct Unreadable: Error {
        let path: String
    }

    static func inputs(of target: FuzzTarget, file: String = #filePath) throws -> [[UInt8]] {
        let root = file.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
        let path = "\(root)/Fuzz/Corpus/\(target.rawValue)"
        guard let directory = opendir(path) else { throw Unreadable(path: path) }
        defer { closedir(directory) }
        var inputs: [[UInt8]] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasPrefix(".") { continue }
            inputs.append(try bytes(of: "\(path)/\(name)"))
        }
        return inputs
    }

    private static func bytes(of path: String) throws -> [UInt8] {
        guard let file = fopen(path, "r") else { throw Unreadable(path: path) }
        defer { fclose(file) }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        let count = fread(&buffer, 1, buffer.count, file)
        return Array(buffer.prefix(count))
    }
}
