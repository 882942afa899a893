import Glibc
import OBEX
import SystemPackage

/// A file on its way out, read piece by piece.
final class OutgoingFile {
    /// Its name, without the directories.
    let name: String
    /// The name that the other end sees: some characters that are nothing special here make a path elsewhere.
    var sentName: String { OBEXFileName.single(name) }
    let size: Int
    private let modified: time_t
    private let descriptor: FileDescriptor
    private let path: String

    /// Opens a file.
    ///
    /// - Throws: `Failure` if it cannot be read, or is no ordinary file.
    init(_ path: String) throws {
        self.path = path
        guard let last = FilePath(path).lastComponent?.string, last != "..", last != "." else {
            throw Failure("'\(path)' is not the name of a file.")
        }
        name = last
        do {
            descriptor = try FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec, .nonBlocking])
        } catch let error as Errno {
            throw Failure("cannot read '\(path)': \(error).")
        }
        var status = stat()
        guard fstat(descriptor.rawValue, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            try? descriptor.close()
            throw Failure("'\(path)' is not an ordinary file; OBEX sends files of a known size.")
        }
        size = Int(status.st_size)
        modified = status.st_mtim.tv_sec
    }

    deinit {
        try? descriptor.close()
    }

    /// What the other end is told about it.
    ///
    /// - Parameter isPlain: whether to say the least: some servers refuse an object for what is said about it.
    func headers(isPlain: Bool) -> OBEXHeaders {
        var headers: OBEXHeaders = [.name(sentName)]
        if !isPlain, let type = MediaType.of(name) { headers.append(.type(type)) }
        // Larger ones are sent without: it is not required, and must fit 32 bits.
        if let length = UInt32(exactly: size) { headers.append(.length(length)) }
        if !isPlain, let time = Self.text(of: modified) { headers.append(.time(time)) }
        return headers
    }

    /// Reads what comes next, about `count` bytes, and tells whether that was the end.
    ///
    /// - Throws: `Failure` if that cannot be done.
    func read(at offset: Int, count: Int) throws -> (bytes: [UInt8], isLast: Bool) {
        var bytes = [UInt8](repeating: 0, count: min(count, max(0, size - offset)))
        do {
            let taken = try bytes.withUnsafeMutableBytes {
                try descriptor.read(fromAbsoluteOffset: Int64(offset), into: $0)
            }
            // A file that has shrunk meanwhile ends where it ends; one that has grown, where it did.
            return (Array(bytes.prefix(taken)), isLast: taken == 0 || offset + taken >= size)
        } catch let error as Errno {
            throw Failure("cannot read '\(path)' any further: \(error).")
        }
    }

    /// A time as OBEX writes it, in UTC.
    private static func text(of time: time_t) -> String? {
        var time = time
        var parts = tm()
        guard gmtime_r(&time, &parts) != nil else { return nil }
        func digits(_ number: Int32, _ count: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        return digits(parts.tm_year + 1900, 4) + digits(parts.tm_mon + 1, 2) + digits(parts.tm_mday, 2) + "T"
            + digits(parts.tm_hour, 2) + digits(parts.tm_min, 2) + digits(parts.tm_sec, 2) + "Z"
    }
}

/// The media types of what phones exchange; for others none is said, which means just bytes.
enum MediaType {
    private static let types = [
        "vcf": "text/x-vcard", "vcs": "text/x-vcalendar", "vnt": "text/x-vnote", "vmg": "text/x-vmessage",
        "txt": "text/plain", "html": "text/html", "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png",
        "gif": "image/gif", "bmp": "image/bmp", "mid": "audio/midi", "wav": "audio/wav", "pdf": "application/pdf",
        "ps": "application/postscript", "pcl": "application/vnd.hp-pcl",
    ]

    /// The type that goes with the ending of a name.
    static func of(_ name: String) -> String? {
        guard let dot = name.lastIndex(of: ".") else { return nil }
        return types[name[name.index(after: dot)...].lowercased()]
    }
}
