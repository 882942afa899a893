import Glibc
import SystemPackage

/// A program in the file system, as the shell would find it.
struct ProgramFile {
    let path: String

    /// Looks a program up: by its path, or in the directories of PATH.
    ///
    /// - Returns: nil if there is none that may be executed, nor one that may not.
    init?(named name: String) {
        if name.contains("/") {
            guard access(name, F_OK) == 0 else { return nil }
            path = name
            return
        }
        let directories = getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
        let candidates = directories.split(separator: ":", omittingEmptySubsequences: false)
            .map { $0.isEmpty ? name : "\($0)/\(name)" }
        guard
            let found = candidates.first(where: { access($0, X_OK) == 0 && !Self.isDirectory($0) })
                ?? candidates.first(where: { access($0, F_OK) == 0 })
        else { return nil }
        path = found
    }

    /// Runs it in the place of this process. Returns only where that fails, with `errno`.
    ///
    /// - Parameter words: its name and its arguments, as it is to see them.
    func execute(_ words: ArraySlice<String>) {
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
        arguments.append(nil)
        execv(path, arguments)
        let error = errno
        for argument in arguments { free(argument) }
        errno = error
    }

    private static func isDirectory(_ path: String) -> Bool {
        var information = stat()
        return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
    }

    // MARK: Programs that no library can be loaded with

    /// Why the dynamic loader will not load our library with this program; nil if it will, or if that cannot be told.
    var whyNotPreloadable: String? {
        var information = stat()
        if stat(path, &information) == 0, information.st_mode & (S_ISUID | S_ISGID) != 0, geteuid() != 0 {
            return "it runs with another user's rights, and the loader then ignores LD_PRELOAD"
        }
        guard let start = firstBytes() else { return nil }
        switch ELFHeader(start) {
        case nil: return nil
        case .otherWordSize: return "it is a program of another word size than irsock"
        case .program(let isDynamic): return isDynamic ? nil : "it is linked statically"
        }
    }

    /// More than the headers of any program take.
    private static let headerSize = 4096

    private func firstBytes() -> [UInt8]? {
        guard let file = try? FileDescriptor.open(path, .readOnly) else { return nil }
        defer { try? file.close() }
        var bytes = [UInt8](repeating: 0, count: Self.headerSize)
        guard let count = try? bytes.withUnsafeMutableBytes({ try file.read(into: $0) }) else { return nil }
        return Array(bytes.prefix(count))
    }
}

/// What the first bytes of a program say of how it is loaded (elf(5)).
enum ELFHeader: Hashable {
    /// A program of 32 bits, where this is one of 64.
    case otherWordSize
    /// Whether it names a dynamic loader.
    case program(isDynamic: Bool)

    /// - Returns: nil if it is something else than ELF, a script for one.
    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 64, bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46]) else { return nil }
        guard bytes[4] == 2 else {
            self = .otherWordSize
            return
        }
        func number<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type, at offset: Int) -> Number? {
            guard offset >= 0, offset <= bytes.count - MemoryLayout<Number>.size else { return nil }
            return bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: type) }
        }
        guard let table = number(UInt64.self, at: 32).flatMap(Int.init(exactly:)),
            let size = number(UInt16.self, at: 54), let count = number(UInt16.self, at: 56)
        else { return nil }
        let interpreter: UInt32 = 3  // PT_INTERP
        let isDynamic = (0..<Int(count)).contains { index in
            let (offset, overflows) = table.addingReportingOverflow(index * Int(size))
            return !overflows && number(UInt32.self, at: offset) == interpreter
        }
        self = .program(isDynamic: isDynamic)
    }
}
