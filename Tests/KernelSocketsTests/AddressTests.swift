import KernelSockets
import SocketBackends
import Testing
import UnixBackend
import VSOCKBackend

@Suite("Addresses of the kernel's families") struct KernelAddressTests {
    @Test(
        "a path is read as a whole sockaddr_un, and printed as it was written",
        arguments: ["/run/example", "relative/path", "@abstract", "@\u{e9}", String(repeating: "x", count: 107)])
    func unix(text: String) throws {
        let backend = UnixBackend()
        let address = try backend.resolve(text)
        #expect(address.bytes.count == 110)
        #expect(backend.describe(address) == text)
        #expect(try backend.address(kernel: backend.kernelAddress(address, for: .connect)) == address)
    }

    @Test("a path ends at its NUL, or with the structure; one without an end is WSAEFAULT") func unixEnds() throws {
        let backend = UnixBackend()
        let short = SocketAddress(family: .unix, payload: Array("/x".utf8))
        let whole = SocketAddress(family: .unix, payload: Array("/x\0rubbish".utf8))
        #expect(try backend.kernelAddress(short, for: .connect) == [0, 0] + Array("/x\0".utf8))
        #expect(try backend.kernelAddress(whole, for: .connect) == [0, 0] + Array("/x\0".utf8))
        let endless = SocketAddress(family: .unix, payload: Array(repeating: 120, count: 108))
        let error = #expect(throws: SocketError.self) { try backend.kernelAddress(endless, for: .bind) }
        #expect(error?.code == .WSAEFAULT)
        #expect(backend.describe(endless).hasPrefix("unix address ["))
        let nobody = SocketAddress(family: .unix, payload: Array(repeating: 0, count: 108))
        #expect(backend.describe(nobody) == "(no name)")
        #expect(throws: SocketError.self) { try backend.kernelAddress(nobody, for: .bind) }
    }

    @Test(
        "a context and a port lie where Linux has them",
        arguments: [("3:5000", "3:5000"), ("1:2", "local:2"), ("host:any", "host:any"), ("4294967295:1", "any:1")])
    func vsock(written: String, printed: String) throws {
        let backend = VSOCKBackend()
        let address = try backend.resolve(written)
        #expect(address.bytes.count == 16)
        #expect(backend.describe(address) == printed)
        #expect(backend.address(kernel: address.bytes) == address)
    }

    @Test("the bytes of 3:5000") func vsockBytes() throws {
        let address = try VSOCKBackend().resolve("3:5000")
        #expect(address.bytes == [40, 0, 0, 0, 0x88, 0x13, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0])
    }

    @Test("any bytes from the kernel, and any text, have an answer", arguments: 0..<4 as Range<UInt64>)
    func total(seed: UInt64) {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func next(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        let (unix, vsock) = (UnixBackend(), VSOCKBackend())
        for _ in 0..<2000 {
            let bytes = (0..<next(160)).map { _ in UInt8(next(256)) }
            _ = (unix.address(kernel: bytes), vsock.address(kernel: bytes))
            _ = (unix.isNoAddress(kernel: bytes), vsock.isNoAddress(kernel: bytes))
            let text = String(decoding: bytes.map { $0 & 0x7F }, as: UTF8.self)
            for backend in [unix, vsock] as [any AddressFamilyBackend] {
                guard let address = try? backend.resolve(text) else { continue }
                #expect(
                    (try? backend.resolve(backend.describe(address))) == address,
                    "seed \(seed): \(text.debugDescription)")
            }
        }
    }
}
