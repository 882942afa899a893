import SystemPackage

/// A file that a command reads whole.
enum InputFile {
    /// - Throws: `Failure` with the path and what the system says.
    static func read(_ path: String) throws -> [UInt8] {
        do {
            let descriptor = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
            return try descriptor.closeAfter {
                var bytes: [UInt8] = []
                var piece = [UInt8](repeating: 0, count: 65_536)
                while case let count = try piece.withUnsafeMutableBytes({ try descriptor.read(into: $0) }), count > 0 {
                    bytes += piece[..<count]
                }
                return bytes
            }
        } catch let error as Errno {
            throw Failure("cannot read '\(path)': \(error).")
        }
    }
}
