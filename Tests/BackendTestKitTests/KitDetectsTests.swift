import BackendTestKit
import Glibc
import KernelSockets
import SocketBackends
import SystemPackage
import Testing
import UnixBackend

/// A suite that finds nothing wrong with anything would be worth nothing: each of these backends has one defect.
@Suite("The kit finds what is wrong") struct KitDetectsTests {
    /// Linux with a defect, and the rules that must find it.
    struct Defect: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let rules: Set<String>
        let spoil: @Sendable (inout SystemCalls) -> Void

        init(_ what: String, _ rules: String..., spoil: @escaping @Sendable (inout SystemCalls) -> Void) {
            testDescription = what
            self.rules = Set(rules)
            self.spoil = spoil
        }
    }

    private static let linux = SystemCalls()

    static let defects = [
        Defect("descriptors are inherited", "K3") {
            $0.socket = { linux.socket($0, $1 & ~Int32(SOCK_CLOEXEC.rawValue), $2) }
        },
        Defect("descriptors block", "K3") {
            $0.socket = { linux.socket($0, $1 & ~Int32(SOCK_NONBLOCK.rawValue), $2) }
        },
        Defect("half of what is sent is lost", "R37") {
            $0.send = { descriptor, bytes, count, flags in
                let sent = linux.send(descriptor, bytes, (count + 1) / 2, flags)
                return sent == -1 ? -1 : count
            }
        },
        Defect("a refusal is called something else", "R19", "R33") {
            $0.connect = { descriptor, address, length in
                let answer = linux.connect(descriptor, address, length)
                if answer == -1 { errno = EPERM }
                return answer
            }
        },
        Defect("a peek takes", "K9") {
            $0.recvmsg = { descriptor, message, flags in linux.recvmsg(descriptor, message, flags & ~Int32(MSG_PEEK)) }
        },
        Defect("one direction takes the other along", "K10") {
            $0.shutdown = { descriptor, _ in linux.shutdown(descriptor, 2) }
        },
        Defect("an address can be taken twice", "S2") {
            $0.bind = { descriptor, address, length in
                let answer = linux.bind(descriptor, address, length)
                return answer == -1 && errno == EADDRINUSE ? 0 : answer
            }
        },
    ]

    @Test("each defect is found, by the rule that it breaks", arguments: defects) func found(defect: Defect)
        async throws
    {
        let folder = try TemporaryFolder()
        var calls = SystemCalls()
        defect.spoil(&calls)
        let backend = UnixBackend(system: calls)
        var subject = KitSubject(
            backend, peer: .eachOther { () throws(SocketError) in try backend.resolve(folder.nextPath()) })
        subject.patience = .seconds(1)
        subject.refusal = (try backend.resolve(folder.nextPath()), .WSAECONNREFUSED)
        let report = await BackendTestKit(subject) { defect.rules.contains($0.id) }.run()
        #expect(Set(report.failures.map(\.rule.id)) == defect.rules, "\(report)")
        #expect(report.results.count == defect.rules.count)
        withExtendedLifetime(folder) {}
    }

    @Test("a backend that is not there is asked only for what it can say, and must say why") func absent() async throws
    {
        let backend = UnixBackend(system: Self.without(AF_UNIX))
        var subject = KitSubject(backend, peer: .nobody(reason: "there are no sockets"))
        subject.texts = ["/run/x"]
        let report = await BackendTestKit(subject).run()
        #expect(report.failures.isEmpty, "\(report)")
        #expect(Set(report.passed.map(\.id)) == ["K2", "K5", "K6", "K7", "K14"], "\(report)")
    }

    private static func without(_ family: Int32) -> SystemCalls {
        var calls = SystemCalls()
        calls.socket = { _, _, _ in
            errno = EAFNOSUPPORT
            return -1
        }
        return calls
    }

    @Test("every rule has a number of its own") func numbers() {
        let ids = BackendTestKit.rules.map(\.id)
        #expect(Set(ids).count == ids.count)
        #expect(ids.count > 40)
    }
}
