import Glibc
import IrDAService
import SystemPackage

/// What tells an AF_IRDA socket from any other socket after exec: the abstract name of the kernel's socket behind it, which says
/// what the service calls it. The C half knows how it begins (CAFIrDAPreload/Descriptors.c).
///
///     NUL irsock-af-irda/ID/KIND/PROTOCOL/INODE        numbers in hexadecimal digits
struct SocketMark {
    let socket: LinuxSocket

    private static let prefix = "\0irsock-af-irda/"
    private static let pathOffset = MemoryLayout<sa_family_t>.size

    init(_ socket: LinuxSocket) {
        self.socket = socket
    }

    /// Reads the mark on a descriptor; nil if there is none.
    init?(of descriptor: Int32) {
        var name = sockaddr_un()
        var length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let isNamed = withUnsafeMutablePointer(to: &name) { name in
            name.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) == 0 }
        }
        guard isNamed, name.sun_family == AF_UNIX, length > Self.pathOffset else { return nil }
        let bytes = withUnsafeBytes(of: name) { $0.prefix(Int(length)).dropFirst(Self.pathOffset).map { $0 } }
        self.init(text: String(decoding: bytes, as: UTF8.self))
    }

    init?(text: String) {
        guard text.hasPrefix(Self.prefix) else { return nil }
        let numbers = text.dropFirst(Self.prefix.count).split(separator: "/").map { UInt64($0, radix: 16) }
        guard numbers.count == 4, let id = numbers[0], let kindNumber = numbers[1].flatMap(UInt8.init(exactly:)),
            let kind = ServiceSocketKind(rawValue: kindNumber), let proto = numbers[2].flatMap(Int32.init(exactly:))
        else { return nil }
        socket = LinuxSocket(id: ServiceSocketID(rawValue: id), kind: kind, protocolNumber: proto)
    }

    /// The mark; the inode makes it the only one of its kind.
    func text(inode: UInt64) -> String {
        let numbers = [socket.id.rawValue, UInt64(socket.kind.rawValue), UInt64(socket.protocolNumber), inode]
        return Self.prefix + numbers.map { String($0, radix: 16) }.joined(separator: "/")
    }

    /// Marks a descriptor. One that cannot be marked does not survive exec as an AF_IRDA socket, and works otherwise.
    func put(on descriptor: FileDescriptor) {
        guard let inode = SystemCalls.inode(of: descriptor.rawValue) else { return }
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        let text = text(inode: inode).utf8
        withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: text) }
        let length = socklen_t(Self.pathOffset + text.count)
        _ = withUnsafePointer(to: name) { name in
            name.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.bind(descriptor.rawValue, $0, length) }
        }
    }
}
