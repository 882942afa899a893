import Glibc
import IrDABackend
import SocketBackends
import TestSupport
import Testing

@testable import IrDAStation

@Suite("Stations on real ports")
struct PortStationTests {
    @Test("two stations in real time find each other, and carry a stream there and back")
    func echo() async throws {
        try await onThread {
            let pair = try PortPair()
            try TwoStations.talk(pair.deskSockets, to: pair.phoneSockets, at: pair.phoneID, length: 5_000)
            try pair.desk.close()
            try pair.phone.close()
        }
    }

    @Test("when the port is lost, connections break with the reason, and connects fail with it")
    func loss() async throws {
        try await onThread {
            let pair = try PortPair()
            let server = try makeSocket(pair.phoneSockets)
            try server.bind(to: IrDAAddress(device: .none, service: .name("Echo")).socketAddress)
            try server.listen(backlog: 1)
            let address = IrDAAddress(device: pair.phoneID, service: .name("Echo")).socketAddress
            let client = try makeSocket(pair.deskSockets)
            _ = try client.connect(to: address)
            _ = try client.readiness(waitingFor: Int16(POLLOUT))
            try client.finishConnect()
            try pair.cut()
            _ = try client.readiness(waitingFor: Int16(POLLIN))
            let error = #expect(throws: SocketError.self) { try client.receiveAll(1) }
            #expect(error?.code == .WSAENETDOWN)
            #expect(error?.reason == "the other end has closed the stream")
            let late = try makeSocket(pair.deskSockets)
            #expect(throws: SocketError.self) { try late.connect(to: address) }
            #expect(throws: SocketError.self) { try pair.deskSockets.device(named: "Phone") }
            try pair.desk.close()
            try pair.phone.close()
        }
    }
}

func makeSocket(_ backend: IrDABackend) throws -> any BackendSocket {
    guard case .socket(let socket) = try backend.makeSocket(type: .stream, protocolNumber: .any) else {
        throw TestFailure("the backend has declined")
    }
    return socket
}

/// Runs blocking work on a thread of its own, for Swift has only few.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await BackgroundThread(body).value()
}
