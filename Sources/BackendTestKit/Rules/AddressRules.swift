import SocketBackends
import Winsock

/// How a family reads, prints and checks its addresses.
enum AddressRules {
    static let checks = [
        KitCheck("K5", "what is read and printed is read as the same", .all, needsSockets: false) { room in
            let backend = room.subject.backend
            for text in room.subject.texts {
                let address = try backend.resolve(text)
                try room.expect(address.family == backend.family, "'\(text)' is read as \(address.family)")
                try room.expect(
                    address.bytes.count >= room.kind.minimumAddressLength,
                    "'\(text)' is read as \(address.bytes.count) bytes, too few for a socket")
                let printed = backend.describe(address)
                let again = try backend.resolve(printed)
                try room.expect(again == address, "'\(text)' is printed as '\(printed)', and read as another address")
            }
        },
        KitCheck("K6", "what is no address is refused with a code and advice", .all, needsSockets: false) { room in
            for text in room.subject.wrongTexts {
                let error: SocketError
                do throws(SocketError) {
                    let address = try room.subject.backend.resolve(text)
                    throw SocketError(.NO_ERROR, operation: "", reason: "\(address.bytes)")
                } catch let found {
                    error = found
                }
                try room.expect(error.code != .NO_ERROR, "'\(text)' is read as \(error.reason)")
                try room.expect(
                    !error.operation.isEmpty && !error.reason.isEmpty,
                    "the error of '\(text)' does not say what is wrong")
            }
        },
        KitCheck("K7", "any bytes can be printed, and any text can be tried", .all, needsSockets: false) { room in
            let backend = room.subject.backend
            var generator = KitGenerator(seed: 7)
            let samples = room.subject.texts.map { Array($0.utf8) } + [[]]
            for round in 0..<400 {
                let payload = (0..<Int.random(in: 0...140, using: &generator)).map { _ in
                    UInt8.random(in: 0...255, using: &generator)
                }
                let family = round.isMultiple(of: 4) ? AddressFamily(rawValue: 999) : backend.family
                _ = backend.describe(SocketAddress(family: family, payload: payload))
                var text = samples[round % samples.count]
                for _ in 0..<Int.random(in: 1...4, using: &generator) {
                    let place = Int.random(in: 0...text.count, using: &generator)
                    if Bool.random(using: &generator), place < text.count {
                        text.remove(at: place)
                    } else {
                        text.insert(UInt8.random(in: 0...127, using: &generator), at: place)
                    }
                }
                guard !mayTakeLong(text) else { continue }
                _ = try? backend.resolve(String(decoding: text, as: UTF8.self))
            }
        },
        KitCheck("R7", "an address that is too short is WSAEFAULT, of whatever family", .all) { room in
            for length in 2..<room.kind.minimumAddressLength {
                let bytes = Array(try room.anyAddress().bytes.prefix(length))
                let socket = try room.socket()
                let short = try SocketAddress(bytes: bytes)
                try room.expect(.WSAEFAULT, of: "a connect to \(length) bytes") { () throws(SocketError) in
                    try room.winsock.connect(socket, to: short)
                }
                try room.expect(.WSAEFAULT, of: "a bind to \(length) bytes") { () throws(SocketError) in
                    try room.winsock.bind(socket, to: short)
                }
                try room.winsock.closeSocket(socket)
            }
        },
        KitCheck("R9", "an address of another family is WSAEAFNOSUPPORT, and WSAEFAULT in bind", .all) { room in
            let other = SocketAddress(family: AddressFamily(rawValue: 998), payload: try room.anyAddress().payload)
            let socket = try room.socket()
            try room.expect(.WSAEAFNOSUPPORT, of: "a connect to family 998") { () throws(SocketError) in
                try room.winsock.connect(socket, to: other)
            }
            try room.expect(.WSAEFAULT, .WSAEAFNOSUPPORT, of: "a bind to family 998") { () throws(SocketError) in
                try room.winsock.bind(socket, to: other)
            }
        },
        KitCheck("R10", "a connect to the zero address is WSAEADDRNOTAVAIL") { room in
            let (zero, socket) = (try room.zero(), try room.socket())
            try room.expect(.WSAEADDRNOTAVAIL, of: "a connect to the zero address") { () throws(SocketError) in
                try room.winsock.connect(socket, to: zero)
            }
            // It has done nothing to the socket.
            let address = try room.server().address
            try room.winsock.connect(socket, to: address)
        },
    ]

    /// A text with a letter in it may be a name, which families look up: 400 of them could take hours.
    private static func mayTakeLong(_ text: [UInt8]) -> Bool {
        text.contains { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20) }
    }
}

/// Numbers that look random and are the same in every run (SplitMix64).
struct KitGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
