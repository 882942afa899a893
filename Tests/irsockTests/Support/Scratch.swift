import Glibc
import SystemPackage

/// A directory of a test's own, gone with it.
final class Scratch: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/irsock-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        // Tests put files there, and no directories.
        guard let directory = opendir(path) else { return }
        while let entry = readdir(directory) {
            _ = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) {
                    unlinkat(dirfd(directory), $0, 0)
                }
            }
        }
        closedir(directory)
        rmdir(path)
    }

    /// Where a file of this name is, or will be.
    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Makes a file; returns its path.
    func write(_ bytes: some Sequence<UInt8>, as name: String) throws -> String {
        let path = file(name)
        let descriptor = try FileDescriptor.open(
            FilePath(path), .writeOnly, options: [.create, .truncate, .closeOnExec], permissions: .ownerReadWrite)
        try descriptor.closeAfter { _ = try descriptor.writeAll(bytes) }
        return path
    }

    func write(_ bytes: Bytes, as name: String) throws -> String {
        try write(bytes.bytes, as: name)
    }

    func write(_ text: String, as name: String) throws -> String {
        try write(text.utf8, as: name)
    }

    /// The text of a short file anywhere.
    static func contents(of path: String) throws -> String {
        let descriptor = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
        return try descriptor.closeAfter {
            var bytes = [UInt8](repeating: 0, count: 4096)
            let count = try bytes.withUnsafeMutableBytes { try descriptor.read(into: $0) }
            return String(decoding: bytes.prefix(count), as: UTF8.self)
        }
    }

    /// Makes a scenario with one device, Phone, that has these services in the form `{class: Echo, behaviour: echo}`.
    func room(bitErrorRate: String = "0", _ services: String...) throws -> String {
        try write(
            """
            bit-error-rate: \(bitErrorRate)
            devices:
              - name: Phone
                address: 0x9ABCDEF1
                position: [0.4, 0.2]
                services: [\(services.joined(separator: ", "))]
            """, as: "room.yaml")
    }
}
