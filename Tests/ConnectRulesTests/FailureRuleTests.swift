import Glibc
import InternetBackend
import SocketBackends
import Testing
import Winsock

/// Errors that a healthy host does not show, put in by the system calls under the backend.
@Suite("Connect rules: errors of the network")
struct FailureRuleTests {
    /// A Linux error and the rule that names its code.
    struct Row: Sendable, CustomTestStringConvertible {
        var rule: String
        var errno: Int32
        var code: WSAErrorCode
        var testDescription: String { "\(rule) \(code)" }
    }

    static let rows: [Row] = [
        Row(rule: "R4", errno: ENETDOWN, code: .WSAENETDOWN), Row(rule: "R16", errno: ENOBUFS, code: .WSAENOBUFS),
        Row(rule: "R16", errno: ENOMEM, code: .WSAENOBUFS), Row(rule: "R17", errno: ENETUNREACH, code: .WSAENETUNREACH),
        Row(rule: "R17", errno: EINVAL, code: .WSAENETUNREACH),
        Row(rule: "R18", errno: EHOSTUNREACH, code: .WSAEHOSTUNREACH),
        Row(rule: "R19", errno: ECONNREFUSED, code: .WSAECONNREFUSED),
        Row(rule: "R20", errno: ETIMEDOUT, code: .WSAETIMEDOUT), Row(rule: "R21", errno: EACCES, code: .WSAEACCES),
        Row(rule: "R21", errno: EPERM, code: .WSAEACCES),
    ]

    @Test("R4, R16 to R21 the error of the call itself; the next attempt starts afresh", arguments: Place.all, rows)
    func immediate(place: Place, row: Row) throws {
        let runtime = try Runtime(place, system: SystemCalls().failingToConnect(row.errno, to: 9))
        let socket = try runtime.socket()
        let (bad, good) = (try runtime.loopback(port: 9), try runtime.winsock.localAddress(of: runtime.server()))
        for _ in 0..<2 {
            #expect(try runtime.connect(socket, to: bad) == row.code)
            expect(.WSAENOTCONN) { _ = try runtime.winsock.peerAddress(of: socket) }
        }
        #expect(try runtime.connect(socket, to: good) == .NO_ERROR)
        #expect(try runtime.winsock.send(socket, [1]) == 1)
    }

    @Test("R4, R16 to R21 an error that comes later; the next attempt starts afresh", arguments: Place.streams, rows)
    func later(place: Place, row: Row) throws {
        let runtime = try Runtime(place, system: SystemCalls().endingConnects(with: row.errno))
        let closed = try runtime.winsock.localAddress(of: runtime.closedPort())
        let socket = try runtime.socket()
        for _ in 0..<2 { #expect(try runtime.connect(socket, to: closed) == row.code) }
        #expect(try runtime.winsock.socketError(of: socket) == (place.blocks ? .NO_ERROR : row.code))
        #expect(try runtime.connect(socket, to: runtime.winsock.localAddress(of: runtime.server())) == .NO_ERROR)
    }

    @Test(
        "R16 no local port is left: WSAENOBUFS; R13 the port that was bound is taken: WSAEADDRINUSE",
        arguments: Place.streams)
    func ports(place: Place) throws {
        let runtime = try Runtime(place, system: SystemCalls().failingToConnect(EADDRNOTAVAIL, to: 9))
        #expect(try runtime.connect(runtime.socket(), to: runtime.loopback(port: 9)) == .WSAENOBUFS)
        #expect(try runtime.connect(runtime.bound(), to: runtime.loopback(port: 9)) == .WSAEADDRINUSE)
    }

    @Test("socket: WSAEMFILE, WSAENOBUFS, WSAEACCES, and WSAEAFNOSUPPORT with the reason", arguments: Place.all)
    func socketErrors(place: Place) throws {
        for (number, code) in [
            (EMFILE, .WSAEMFILE), (ENFILE, .WSAEMFILE), (ENOBUFS, .WSAENOBUFS), (ENOMEM, .WSAENOBUFS),
            (EACCES, .WSAEACCES), (EAFNOSUPPORT, .WSAEAFNOSUPPORT),
        ] as [(Int32, WSAErrorCode)] {
            var system = SystemCalls()
            system.socket = { _, _, _ in
                errno = number
                return -1
            }
            let runtime = try Runtime(place, system: system)
            expect(code) { _ = try runtime.socket() }
            #expect(runtime.winsock.lastError == code)
        }
    }
}

extension SystemCalls {
    /// Linux, but attempts to connect to this port fail.
    func failingToConnect(_ number: Int32, to port: UInt16) -> Self {
        var system = self
        system.connect = { descriptor, address, length in
            let there = UnsafeRawPointer(address).loadUnaligned(fromByteOffset: 2, as: UInt16.self)
            guard UInt16(bigEndian: there) == port else { return Glibc.connect(descriptor, address, length) }
            errno = number
            return -1
        }
        return system
    }

    /// Linux, but a refusal is some other error.
    func endingConnects(with number: Int32) -> Self {
        var system = self
        system.getsockopt = { descriptor, level, name, value, length in
            let answer = Glibc.getsockopt(descriptor, level, name, value, length)
            if let value, level == SOL_SOCKET, name == SO_ERROR, value.load(as: Int32.self) == ECONNREFUSED {
                value.storeBytes(of: number, as: Int32.self)
            }
            return answer
        }
        return system
    }
}
