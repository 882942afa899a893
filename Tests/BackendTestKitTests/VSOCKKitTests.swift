import BackendTestKit
import FamilyFixtures
import KernelSockets
import SocketBackends
import SystemPackage
import Testing
import VSOCKBackend

@Suite("The kit over AF_VSOCK") struct VSOCKKitTests {
    /// A machine with loopback, whatever this one has.
    private static var names: LoopbackKernel.Names {
        let any = SocketAddress.vsock(port: .max, context: .max)
        return LoopbackKernel.Names(
            family: 40, none: any,
            bound: { wish, number in
                let isAny = wish[4..<8].allSatisfy { $0 == 255 }
                return isAny ? Array(wish[..<4]) + OptionValue(UInt32(1000 + number)).bytes + wish[8...] : wish
            },
            // This machine, whatever it is called.
            target: { Array($0[4..<8]) })
    }

    @Test("every rule, on a kernel with loopback") func simulated() async throws {
        let kernel = LoopbackKernel(Self.names, refusal: .connectionReset)
        let backend = VSOCKBackend(system: kernel.calls)
        let silent = try backend.resolve("3:77")
        kernel.set(.silence, of: silent.bytes)
        var subject = KitSubject(
            backend, peer: .eachOther { () throws(SocketError) in try backend.resolve("local:any") })
        subject.refusal = (try backend.resolve("local:99"), .WSAECONNREFUSED)
        subject.zero = try backend.resolve("any:80")
        subject.silent = silent
        subject.texts = ["3:5000", "local:1", "host:4294967294", "any:any"]
        subject.wrongTexts = ["", "3", "3:", ":3", "3:4:5", "4294967296:1", "nobody:1"]
        try await check(subject, keeps: 36)
    }

    /// What the kernel of this machine can do is found out, and what must hold then is held to.
    @Test("every rule that this kernel can show") func real() async throws {
        let backend = VSOCKBackend()
        switch VSOCKMachine.find(backend) {
        case .absent(let reason):
            // Then the family is refused as any other that is not there.
            #expect(backend.availability == .unavailable(reason: reason))
            print("AF_VSOCK: \(reason)")
        case .withLoopback:
            var subject = KitSubject(
                backend, peer: .eachOther { () throws(SocketError) in try backend.resolve("local:any") })
            subject.refusal = (try backend.resolve("local:99"), .WSAECONNREFUSED)
            subject.zero = try backend.resolve("any:80")
            try await check(subject, keeps: 30)
        case .withoutLoopback(let code):
            print("AF_VSOCK: sockets, but no loopback (vsock_loopback): a connect to local is \(code)")
            #expect([.WSAETIMEDOUT, .WSAENETUNREACH, .WSAEHOSTUNREACH, .WSAEADDRNOTAVAIL].contains(code))
            var subject = KitSubject(backend, peer: .nobody(reason: "this kernel has no AF_VSOCK loopback"))
            subject.refusal = (try backend.resolve("local:99"), code)
            subject.texts = ["3:5000"]
            try await check(subject, keeps: 10)
        }
    }
}

/// What this kernel has of AF_VSOCK.
enum VSOCKMachine {
    case absent(String)
    case withoutLoopback(WSAErrorCode)
    case withLoopback

    static func find(_ backend: VSOCKBackend) -> Self {
        switch backend.availability {
        case .unavailable(let reason): return .absent(reason)
        case .available: break
        }
        do throws(SocketError) {
            let answers = (
                try backend.makeSocket(type: .stream, protocolNumber: .any),
                try backend.makeSocket(type: .stream, protocolNumber: .any)
            )
            guard case (.socket(let listener), .socket(let client)) = answers else { return .absent("it declines") }
            defer { listener.close() }
            defer { client.close() }
            try listener.bind(to: backend.resolve("any:any"))
            try listener.listen(backlog: 1)
            // Any context and the chosen port: the port is behind the colon.
            let port = backend.describe(try listener.localAddress()).split(separator: ":").last ?? ""
            if try client.connect(to: backend.resolve("local:\(port)")) == .pending {
                try waitUntilWritable(client)
                try client.finishConnect()
            }
            return .withLoopback
        } catch {
            return .withoutLoopback(error.code)
        }
    }
}

extension SocketAddress {
    static func vsock(port: UInt32, context: UInt32) -> [UInt8] {
        OptionValue(UInt16(40)).followed(by: UInt16(0)).followed(by: port).followed(by: context).followed(by: UInt32(0))
            .bytes
    }
}
