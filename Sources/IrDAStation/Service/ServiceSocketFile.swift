import Glibc
import IrDAService
import SocketBackends
import struct SystemPackage.Errno
import struct SystemPackage.FileDescriptor

/// The socket in the file system that a service listens at; it goes when the service does.
struct ServiceSocketFile: ~Copyable {
    let path: String
    let descriptor: OwnedDescriptor
    /// Which file it is, so that nobody else's is removed.
    private let inode: ino_t

    /// Makes the socket, and its directory if that is not there.
    ///
    /// - Throws: WSAEADDRINUSE if another service listens there, WSAEACCES if the directory is another user's.
    init(path: String, access: ServiceAccess) throws(SocketError) {
        let operation = "listen at \(path)"
        let address = try UnixAddress(path: path)
        try Self.makeDirectory(of: path, operation: operation)
        try Self.removeStale(address, operation: operation)
        let kind = Int32(SOCK_SEQPACKET.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let socket = OwnedDescriptor(
            FileDescriptor(rawValue: try systemCall(for: operation) { Glibc.socket(AF_UNIX, kind, 0) }))
        inode = try socket.withDescriptor { socket throws(SocketError) in
            // Nobody gets in between the making and the setting of the mode: the file has no more than the socket has. (The umask would do,
            // too, but it is everybody's.)
            try systemCall(for: operation) { fchmod(socket.rawValue, access.mode) }
            try systemCall(for: operation) { address.withAddress { Glibc.bind(socket.rawValue, $0, $1) } }
            if let group = access.group {
                try systemCall(for: operation) { chown(path, uid_t.max, group) }
            }
            try systemCall(for: operation) { chmod(path, access.mode) }
            try systemCall(for: operation) { Glibc.listen(socket.rawValue, 64) }
            var status = stat()
            try systemCall(for: operation) { stat(path, &status) }
            return status.st_ino
        }
        self.path = path
        descriptor = socket
    }

    deinit {
        var status = stat()
        if stat(path, &status) == 0, status.st_ino == inode { unlink(path) }
    }

    /// The directory is the user's own, and nobody else may put a socket there.
    private static func makeDirectory(of path: String, operation: String) throws(SocketError) {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return }
        let directory = String(path[..<slash])
        if mkdir(directory, 0o755) == 0 { return }
        guard errno == EEXIST else { throw SocketError(Errno(rawValue: errno), operation: operation) }
        var status = stat()
        try systemCall(for: operation) { stat(directory, &status) }
        guard status.st_uid == geteuid() || status.st_uid == 0 else {
            throw SocketError(
                .WSAEACCES, errno: .permissionDenied, operation: operation,
                reason: "\(directory) is another user's",
                advice: "Choose a directory of your own with IRSOCK_RUNTIME_DIR.")
        }
    }

    /// A service that was killed leaves its socket behind; one that lives answers.
    private static func removeStale(_ address: UnixAddress, operation: String) throws(SocketError) {
        let probe = OwnedDescriptor(
            FileDescriptor(
                rawValue: try systemCall(for: operation) {
                    Glibc.socket(
                        AF_UNIX, Int32(SOCK_SEQPACKET.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
                }))
        let answer = probe.withDescriptor { probe in
            address.withAddress { Glibc.connect(probe.rawValue, $0, $1) == 0 ? 0 : errno }
        }
        switch answer {
        case ENOENT: return
        case ECONNREFUSED: try systemCall(for: operation) { unlink(address.path) }
        case 0, EAGAIN:
            throw SocketError(
                .WSAEADDRINUSE, errno: .addressInUse, operation: operation, reason: "a service listens there already",
                advice: "Stop it, choose another name, or set IRSOCK_RUNTIME_DIR to another directory.")
        default: throw SocketError(Errno(rawValue: answer), operation: operation)
        }
    }
}
