import Glibc
import SystemPackage

/// A directory of a test's own, gone with it.
final class TemporaryDirectory {
    let path: String

    init() throws {
        var template = Array("/tmp/irsock-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        _ = try? output(of: "rm -r '\(path)'")
    }
}

/// All the bytes of a file.
func contents(of path: String) throws -> [UInt8] {
    let descriptor = try FileDescriptor.open(FilePath(path), .readOnly)
    return try descriptor.closeAfter {
        var bytes = [UInt8](repeating: 0, count: Int(try descriptor.seek(offset: 0, from: .end)))
        try descriptor.seek(offset: 0, from: .start)
        let count = try bytes.withUnsafeMutableBytes { try descriptor.read(into: $0) }
        return Array(bytes.prefix(count))
    }
}

/// What a command of the shell prints, and the status that it ends with.
func output(of command: String) throws -> (text: String, status: Int32) {
    guard let stream = popen(command, "r") else { throw Errno(rawValue: errno) }
    var bytes: [UInt8] = []
    while case let byte = getc(stream), byte != EOF { bytes.append(UInt8(truncatingIfNeeded: byte)) }
    let status = pclose(stream)
    return (String(decoding: bytes, as: UTF8.self), status < 0 ? status : (status >> 8) & 0xFF)
}
