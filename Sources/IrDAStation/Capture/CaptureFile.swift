public import IrDASimulation
public import SystemPackage

/// A capture on disk that can be read at any moment, even while it grows: each record is written whole and at once.
///
/// It is closed when it goes out of scope.
public struct CaptureFile: ~Copyable, Sendable {
    /// Where it is.
    public let path: String
    private let descriptor: FileDescriptor
    private let epoch: Duration
    /// How much of the file is whole records.
    private var length: Int64

    /// Makes the file, or empties the one that is there.
    ///
    /// - Parameters:
    ///   - path: a file, or a named pipe that Wireshark reads.
    ///   - epoch: the time of the clock's start, counted from 1970-01-01 00:00 UTC.
    public init(path: String, epoch: Duration) throws(CaptureError) {
        let descriptor: FileDescriptor
        do {
            descriptor = try FileDescriptor.open(
                FilePath(path), .writeOnly, options: [.create, .truncate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
        } catch {
            throw CaptureError(.create, path: path, error)
        }
        do {
            try descriptor.writeAll(PcapCapture.header)
        } catch {
            try? descriptor.close()
            throw CaptureError(.write, path: path, error)
        }
        self.init(descriptor, path: path, epoch: epoch, length: Int64(PcapCapture.header.count))
    }

    /// Takes over a file whose first `length` bytes are whole records, and that stands behind them.
    init(_ descriptor: FileDescriptor, path: String, epoch: Duration, length: Int64) {
        self.path = path
        self.epoch = epoch
        self.descriptor = descriptor
        self.length = length
    }

    deinit {
        // What was written is the kernel's already; there is nobody to tell, and nothing to do about it.
        try? descriptor.close()
    }

    /// Adds a frame.
    ///
    /// - Throws: `CaptureError` if it cannot be written; the file then ends with the record before.
    public mutating func write(_ frame: ObservedFrame) throws(CaptureError) {
        let record = PcapCapture.record(for: frame, epoch: epoch)
        do {
            try descriptor.writeAll(record)
            length += Int64(record.count)
        } catch {
            // Part of a record would make all of the file suspect. A pipe cannot be shortened, and need not be.
            try? descriptor.resize(to: length)
            _ = try? descriptor.seek(offset: length, from: .start)
            throw CaptureError(.write, path: path, error)
        }
    }
}

/// Why a capture cannot be written.
public struct CaptureError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was attempted.
    public enum Operation: String, Hashable, Sendable {
        /// Making the file.
        case create = "created"
        /// Adding to it.
        case write = "written"
    }

    /// What was attempted.
    public let operation: Operation
    /// The file.
    public let path: String
    /// What Linux answered.
    public let errno: Errno

    init(_ operation: Operation, path: String, _ error: any Error) {
        self.operation = operation
        self.path = path
        // The calls of FileDescriptor throw nothing else.
        errno = error as? Errno ?? .ioError
    }

    /// What was attempted, what happened, and what to do.
    public var description: String {
        "the capture '\(path)' cannot be \(operation.rawValue): \(errno) (errno \(errno.rawValue)); \(advice)"
    }

    private var advice: String {
        switch errno {
        case .noSuchFileOrDirectory: "make its directory first, or choose another"
        case .permissionDenied, .notPermitted, .readOnlyFileSystem: "choose a place where you may write"
        case .isDirectory: "name a file, not a directory"
        case .noSpace, .diskQuotaExceeded, .fileTooLarge: "free some space; what was captured before is whole"
        case .brokenPipe: "whoever was reading it has gone; start the reader again, then the capture"
        default: "choose another place for it"
        }
    }
}
