import BackendTestKit
import Glibc
import InternetBackend
import FamilyFixtures
import SocketBackends
import Synchronization
import Testing
import UnixBackend

/// The kit over the families that the kernel has, and over the C plug-in.
@Suite("The kit over families of the kernel") struct KernelFamilyKitTests {
    /// A loopback port at which nobody listens for as long as this lives.
    private final class ClosedPort: Sendable {
        private let socket: any BackendSocket
        let address: SocketAddress

        init(_ backend: InternetBackend, _ text: String) throws {
            guard case .socket(let socket) = try backend.makeSocket(type: .stream, protocolNumber: .any) else {
                throw KitTestFailure("no socket")
            }
            try socket.bind(to: backend.resolve(text))
            self.socket = socket
            address = try socket.localAddress()
        }

        deinit { socket.close() }
    }

    @Test("AF_INET and AF_INET6, streams", arguments: InternetVersion.allCases)
    func internetStreams(version: InternetVersion) async throws {
        let backend = InternetBackend(version: version)
        let local = version == .v4 ? "127.0.0.1:0" : "[::1]:0"
        let closed = try ClosedPort(backend, local)
        var subject = KitSubject(backend, peer: .eachOther { () throws(SocketError) in try backend.resolve(local) })
        subject.refusal = (closed.address, .WSAECONNREFUSED)
        subject.zero = try backend.resolve(version == .v4 ? "0.0.0.0:80" : "[::]:80")
        subject.texts = version == .v4 ? ["127.0.0.1:80", "10.1.2.3:65535"] : ["[::1]:80", "[2001:db8::1]:1"]
        subject.wrongTexts = ["", "nothing", "127.0.0.1", "127.0.0.1:65536", "[::1]"]
        try await check(subject, keeps: 30)
        withExtendedLifetime(closed) {}
    }

    @Test("AF_INET and AF_INET6, datagrams", arguments: InternetVersion.allCases)
    func internetDatagrams(version: InternetVersion) async throws {
        let backend = InternetBackend(version: version)
        let local = version == .v4 ? "127.0.0.1:0" : "[::1]:0"
        var subject = KitSubject(
            backend, type: .datagram, peer: .eachOther { () throws(SocketError) in try backend.resolve(local) })
        subject.zero = try backend.resolve(version == .v4 ? "0.0.0.0:0" : "[::]:0")
        subject.texts = version == .v4 ? ["127.0.0.1:80"] : ["[::1]:80"]
        try await check(subject, keeps: 14)
    }

    @Test("AF_UNIX") func unix() async throws {
        let folder = try TemporaryFolder()
        let backend = UnixBackend()
        var subject = KitSubject(
            backend, peer: .eachOther { () throws(SocketError) in try backend.resolve(folder.nextPath()) })
        subject.refusal = (try backend.resolve(folder.nextPath()), .WSAECONNREFUSED)
        subject.zero = SocketAddress(family: .unix, payload: Array(repeating: 0, count: 108))
        subject.texts = ["/run/example", "relative", "@abstract"]
        subject.wrongTexts = ["", "@", String(repeating: "x", count: 108)]
        try await check(subject, keeps: 28)
        withExtendedLifetime(folder) {}
    }

    @Test("a plug-in in C") func plugin() async throws {
        let plugin = try CPlugin.loopback()
        let backend = try #require(try plugin.load().first)
        var subject = KitSubject(backend, peer: .eachOther { () throws(SocketError) in try backend.resolve("0") })
        subject.refusal = (try backend.resolve("4000000000"), .WSAECONNREFUSED)
        subject.zero = try backend.resolve("0")
        subject.texts = ["7", "4294967295"]
        subject.wrongTexts = ["", "-1", "4294967296", "7x"]
        try await check(subject, keeps: 28)
    }

    @Test("AF_INET through the plug-in table and back") func exported() async throws {
        let own = InternetBackend(version: .v4)
        let backend = try #require(try PluginBackend.backends(of: ExportedPlugin([own]).table).first)
        let closed = try ClosedPort(own, "127.0.0.1:0")
        for type in [SocketType.stream, .datagram] {
            var subject = KitSubject(
                backend, type: type, peer: .eachOther { () throws(SocketError) in try backend.resolve("127.0.0.1:0") })
            subject.refusal = (closed.address, .WSAECONNREFUSED)
            subject.zero = try backend.resolve("0.0.0.0:80")
            subject.texts = ["127.0.0.1:80"]
            subject.wrongTexts = ["", "127.0.0.1"]
            try await check(subject, keeps: type == .stream ? 30 : 14)
        }
        withExtendedLifetime(closed) {}
    }
}

/// Runs the kit, and expects that every rule is kept, and that not too many say nothing.
func check(_ subject: KitSubject, keeps least: Int, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let report = await BackendTestKit(subject).run()
    #expect(report.failures.isEmpty, "\(report)", sourceLocation: sourceLocation)
    #expect(report.passed.count >= least, "\(report)", sourceLocation: sourceLocation)
}

struct KitTestFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// A folder for sockets.
final class TemporaryFolder: Sendable {
    let path: String
    private let made = Mutex<[String]>([])

    init() throws {
        var template = Array("/tmp/irsock-kit-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw KitTestFailure("cannot make a folder") }
        path = String(decoding: template.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// A path at which nothing is yet.
    func nextPath() -> String {
        made.withLock { made in
            made.append("\(path)/\(made.count)")
            return made[made.count - 1]
        }
    }

    deinit {
        made.withLock { made in for path in made { unlink(path) } }
        rmdir(path)
    }
}
