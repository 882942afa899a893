import SocketBackends

/// A `sockaddr_vm`: the family, two bytes of nothing, the port, the context, and four bytes that are flags and nothing.
struct VSOCKAddress: Hashable {
    /// A machine.
    struct Context: RawRepresentable, Hashable {
        let rawValue: UInt32

        /// VMADDR_CID_ANY.
        static let any = Self(rawValue: .max)
        /// VMADDR_CID_LOCAL: this machine.
        static let local = Self(rawValue: 1)
        /// VMADDR_CID_HOST: the machine that runs this virtual one.
        static let host = Self(rawValue: 2)

        private static let names: [String: Self] = ["any": .any, "local": .local, "host": .host]

        init(rawValue: UInt32) {
            self.rawValue = rawValue
        }

        init?(text: Substring) {
            guard let context = Self.names[String(text)] ?? VSOCKAddress.number(text).map(Self.init) else { return nil }
            self = context
        }

        var text: String { Self.names.first { $0.value == self }?.key ?? "\(rawValue)" }
    }

    static let length = 16
    /// VMADDR_PORT_ANY.
    static let anyPort = UInt32.max

    let context: Context
    let port: UInt32

    /// Nil if the family is another one, or if it is too short.
    init?(_ address: SocketAddress) {
        guard address.family == .vsock else { return nil }
        self.init(bytes: address.bytes)
    }

    /// Reads the structure, of whatever family; nil if it is too short.
    init?(bytes: [UInt8]) {
        guard bytes.count >= Self.length else { return nil }
        port = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 4, as: UInt32.self) }
        context = Context(rawValue: bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 8, as: UInt32.self) })
    }

    /// Reads what a person wrote.
    init?(text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let context = Context(text: parts[0]),
            let port = parts[1] == "any" ? Self.anyPort : Self.number(parts[1])
        else { return nil }
        self.context = context
        self.port = port
    }

    private static func number(_ text: Substring) -> UInt32? {
        text.allSatisfy { $0.isASCII && $0.isNumber } ? UInt32(text) : nil
    }

    var socketAddress: SocketAddress {
        let payload = OptionValue(UInt16(0)).followed(by: port).followed(by: context.rawValue).followed(by: UInt32(0))
        return SocketAddress(family: .vsock, payload: payload.bytes)
    }
}

extension VSOCKAddress: CustomStringConvertible {
    /// `3:5000`, `local:5000`, `any:any`.
    var description: String { "\(context.text):\(port == Self.anyPort ? "any" : "\(port)")" }
}
