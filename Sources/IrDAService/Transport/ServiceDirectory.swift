package import Glibc
public import SocketBackends
import SystemPackage

/// Where services listen: one socket a station, in a directory of the user's own.
///
/// The directory is `$IRSOCK_RUNTIME_DIR`, else `$XDG_RUNTIME_DIR/irsock`, else `/tmp/irsock-UID`.
public struct ServiceDirectory: Hashable, Sendable {
    /// The directory.
    public let path: String

    private static let suffix = ".sock"

    /// A directory of choice.
    public init(path: String) {
        self.path = path
    }

    /// The directory that the environment asks for.
    public static var standard: Self {
        if let directory = environment("IRSOCK_RUNTIME_DIR") { return Self(path: directory) }
        if let directory = environment("XDG_RUNTIME_DIR") { return Self(path: directory + "/irsock") }
        return Self(path: "/tmp/irsock-\(geteuid())")
    }

    /// The socket of a station. A slash cannot be part of a file's name, and a leading dot would hide it.
    public func socketPath(of station: String) -> String {
        var name = String(station.map { $0 == "/" || $0 == "\0" ? "_" : $0 })
        if name.hasPrefix(".") { name = "_" + name.dropFirst() }
        return "\(path)/\(name)\(Self.suffix)"
    }

    /// The stations that have a socket here, in the order of their names; whether somebody listens is another question.
    public var stations: [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasSuffix(Self.suffix), name.utf8.count > Self.suffix.utf8.count {
                names.append(String(name.dropLast(Self.suffix.count)))
            }
        }
        return names.sorted()
    }

    /// The station that whoever runs several has marked as the one to use; nil if none is.
    package var standardStation: String? {
        var name = [UInt8](repeating: 0, count: 256)
        let length = readlink(mark, &name, name.count)
        return length > 0 ? String(decoding: name.prefix(length), as: UTF8.self) : nil
    }

    /// Marks a station as the one to use; nil takes the mark away.
    package func setStandardStation(_ station: String?) {
        unlink(mark)
        // Without the mark the station has to be named: nothing else is lost.
        if let station { _ = symlink(station, mark) }
    }

    private var mark: String { path + "/.standard" }

    /// The socket that a program without further instructions uses: that of the station in `$IRSOCK_STATION`, the one that is marked, or the only one.
    ///
    /// - Parameter station: the station of choice; nil leaves it to the environment.
    /// - Throws: WSAENETDOWN if there is none, or several and none is chosen; the reason says where it looked.
    public func chooseSocket(station: String? = nil) throws(SocketError) -> String {
        let operation = "find an IrSock service"
        if let station = station ?? environment("IRSOCK_STATION") { return socketPath(of: station) }
        let stations = stations
        guard let only = stations.first else {
            throw SocketError(
                .WSAENETDOWN, errno: .noSuchFileOrDirectory, operation: operation, reason: "no service in \(path)",
                advice: "Start one: irsock serve --port …, or irsock simulate.")
        }
        if stations.count > 1, let chosen = standardStation { return socketPath(of: chosen) }
        guard stations.count == 1 else {
            throw SocketError(
                .WSAENETDOWN, operation: operation,
                reason: "several stations in \(path): \(stations.joined(separator: ", "))",
                advice: "Choose one with IRSOCK_STATION or --station.")
        }
        return socketPath(of: only)
    }
}

/// A variable of the environment that is set to something.
private func environment(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
}

/// The address of an AF_UNIX socket in the file system.
package struct UnixAddress: Sendable {
    package let path: String

    /// - Throws: WSAENAMETOOLONG if the path does not fit a `sockaddr_un`.
    package init(path: String) throws(SocketError) {
        let room = MemoryLayout.size(ofValue: sockaddr_un().sun_path)
        guard path.utf8.count < room, !path.utf8.contains(0) else {
            throw SocketError(
                .WSAENAMETOOLONG, operation: "use the socket \(path)",
                reason: "a socket's path has at most \(room - 1) bytes",
                advice: "Choose a shorter name, or a shorter directory with IRSOCK_RUNTIME_DIR.")
        }
        self.path = path
    }

    /// The address as system calls take it.
    package func withAddress<Answer>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Answer) -> Answer {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return withUnsafePointer(to: address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
