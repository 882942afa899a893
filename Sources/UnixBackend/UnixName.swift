import SocketBackends

/// The name of an AF_UNIX socket: a path, or an abstract name, which begins with a NUL; empty for a socket without one.
struct UnixName: Hashable {
    /// A path without the NUL at its end, or an abstract name with the NUL at its beginning.
    private let bytes: [UInt8]

    /// The bytes of a whole `sockaddr_un`: the family and 108 bytes (UNIX_PATH_MAX).
    static let addressLength = 110
    /// The most bytes of a path, which needs room for its NUL.
    static let longest = addressLength - 3

    var isEmpty: Bool { bytes.isEmpty }

    /// Reads a Winsock address, as long as the caller says that it is.
    ///
    /// The rest of an abstract name is read up to the last byte that is not NUL, as a whole structure is filled up with them. Nil for a path that
    /// is too long.
    init?(_ address: SocketAddress) {
        self.init(path: Array(address.payload))
    }

    /// Reads a kernel's answer.
    init?(kernelBytes: [UInt8]) {
        self.init(path: Array(kernelBytes.dropFirst(2)))
    }

    private init?(path: [UInt8]) {
        if path.first == 0 {
            // An abstract name, or nothing at all.
            guard let last = path.lastIndex(where: { $0 != 0 }) else {
                bytes = []
                return
            }
            bytes = Array(path[...last])
        } else {
            bytes = Array(path.prefix { $0 != 0 })
        }
        guard bytes.count <= Self.longest else { return nil }
    }

    /// Reads what a person wrote.
    init?(text: String) {
        let text = Array(text.utf8)
        guard !text.isEmpty, !text.contains(0), text != [UInt8(ascii: "@")] else { return nil }
        let bytes = text[0] == UInt8(ascii: "@") ? [0] + text.dropFirst() : text
        guard bytes.count <= Self.longest else { return nil }
        self.bytes = bytes
    }

    /// A whole `sockaddr_un`, filled up with NULs.
    var socketAddress: SocketAddress {
        let padding = Array(repeating: UInt8(0), count: Self.addressLength - 2 - bytes.count)
        return SocketAddress(family: .unix, payload: bytes + padding)
    }

    /// For the kernel, to which the length of an abstract name is a part of it.
    var kernelBytes: [UInt8] { [0, 0] + bytes + (bytes.first == 0 ? [] : [0]) }
}

extension UnixName: CustomStringConvertible {
    /// What `init(text:)` reads. Bytes that are no text, and an `@` that would be read as something else, are shown as they can be.
    var description: String {
        if bytes.isEmpty { return "(no name)" }
        if bytes[0] == 0 { return "@" + String(decoding: bytes.dropFirst(), as: UTF8.self) }
        return (bytes[0] == UInt8(ascii: "@") ? "./" : "") + String(decoding: bytes, as: UTF8.self)
    }
}
