/// The files of a new family.
struct Template {
    let name: String
    let number: UInt16
    /// Whether the family becomes a part of IrSock itself, rather than of a package that depends on it.
    let isInIrSock: Bool

    var module: String { "\(name)Backend" }
    private var familyName: String { name.lowercased() }

    var files: [(path: String, text: String)] {
        [
            ("Sources/\(module)/\(module).swift", backend), ("Sources/\(module)/\(name)Address.swift", address),
            ("Tests/\(module)Tests/\(name)KitTests.swift", test),
        ]
    }

    /// The lines for Package.swift.
    func targets(settings: String) -> String {
        let dependency = { (product: String) in
            isInIrSock ? "\"\(product)\"" : ".product(name: \"\(product)\", package: \"IrSock\")"
        }
        return """
                    .target(
                        name: "\(module)", dependencies: [\(dependency("SocketBackends"))]\(settings)),
                    .testTarget(
                        name: "\(module)Tests",
                        dependencies: [
                            "\(module)", \(dependency("BackendTestKit")), \(dependency("SocketBackends")),
                        ]\(settings)),

            """
    }

    private var backend: String {
        """
        public import SocketBackends

        /// The address family \(familyName).
        public struct \(module): AddressFamilyBackend {
            /// Makes the backend.
            public init() {}

            /// `\(familyName)`.
            public var name: String { "\(familyName)" }
            /// \(number).
            public var family: AddressFamily { AddressFamily(rawValue: \(number)) }
            /// `\(familyName)`.
            public var familyName: String { "\(familyName)" }

            /// The kinds of sockets that the family has.
            public var catalogue: [CatalogueEntry] {
                [
                    CatalogueEntry(
                        transport: "\(name)", type: .stream, protocolNumber: .any,
                        minimumAddressLength: \(name)Address.length, maximumAddressLength: \(name)Address.length,
                        services: [.guaranteedDelivery, .guaranteedOrder, .gracefulClose, .descriptor])
                ]
            }

            /// Whether there are sockets now.
            public var availability: Availability { .unavailable(reason: Self.notWritten) }

            private static let notWritten = "the sockets of \(familyName) are not written yet"

            /// Makes a socket, or declines.
            ///
            /// - Throws: WSAESOCKTNOSUPPORT for another type, WSAEPROTONOSUPPORT for another protocol.
            public func makeSocket(
                type: SocketType, protocolNumber: SocketProtocolNumber
            ) throws(SocketError) -> BackendAnswer {
                let operation = "make a \\(type) socket of \\(familyName)"
                guard type == .stream else {
                    throw SocketError(.WSAESOCKTNOSUPPORT, operation: operation, reason: "the family has streams only")
                }
                guard protocolNumber == .any else {
                    throw SocketError(.WSAEPROTONOSUPPORT, operation: operation, reason: "the family has protocol 0 only")
                }
                // Here a socket is made: a class of your own that is a `BackendSocket`; or make this type a
                // `KernelStreamBackend`, of the module KernelSockets, if Linux has sockets that can carry the family.
                return .declined(reason: Self.notWritten)
            }

            /// Turns what a person wrote into an address.
            ///
            /// - Throws: WSAEINVAL if it cannot be one.
            public func resolve(_ text: String) throws(SocketError) -> SocketAddress {
                guard let address = \(name)Address(text: text) else {
                    throw SocketError(
                        .WSAEINVAL, operation: "read '\\(text)' as an address of \\(familyName)",
                        reason: "it is no number from 0 to 4294967295", advice: "Write a number, as in 7.")
                }
                return address.socketAddress
            }

            /// Prints what `resolve` reads.
            public func describe(_ address: SocketAddress) -> String {
                \(name)Address(address)?.description ?? "\\(familyName) address \\(address.bytes)"
            }
        }

        """
    }

    private var address: String {
        """
        import SocketBackends

        /// An address of the family: a number, behind the family and two bytes of nothing.
        struct \(name)Address: Hashable {
            let number: UInt32

            /// The bytes of a whole `sockaddr` of the family.
            static let length = 8

            init(number: UInt32) {
                self.number = number
            }

            /// Nil if the family is another one, or if it is too short.
            init?(_ address: SocketAddress) {
                guard address.family.rawValue == \(number), address.bytes.count >= Self.length else { return nil }
                number = address.bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 4, as: UInt32.self) }
            }

            /// Reads what a person wrote.
            init?(text: String) {
                guard text.allSatisfy({ $0.isASCII && $0.isNumber }), let number = UInt32(text) else { return nil }
                self.number = number
            }

            var socketAddress: SocketAddress {
                SocketAddress(
                    family: AddressFamily(rawValue: \(number)),
                    payload: OptionValue(UInt16(0)).followed(by: number).bytes)
            }
        }

        extension \(name)Address: CustomStringConvertible {
            var description: String { "\\(number)" }
        }

        """
    }

    /// In the order that swift-format wants.
    private var imports: String {
        ["BackendTestKit", "SocketBackends", "Testing", module].sorted().map { "import \($0)" }.joined(separator: "\n")
    }

    private var test: String {
        """
        \(imports)

        @Suite("The family \(familyName)") struct \(name)KitTests {
            @Test("it keeps the rules that hold for every family") func kit() async throws {
                let backend = \(module)()
                // Once there are sockets, say whom they can reach: .eachOther { a fresh address to bind to }.
                var subject = KitSubject(backend, peer: .nobody(reason: "the sockets are not written yet"))
                subject.texts = ["7", "4294967295"]
                subject.wrongTexts = ["", "-1", "x", "4294967296"]
                let report = await BackendTestKit(subject).run()
                #expect(report.failures.isEmpty, "\\(report)")
            }
        }

        """
    }
}
