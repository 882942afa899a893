import BackendTestKit
import IrDABackend
import IrDAProtocol
import IrDAService
import IrDASimulation
import SocketBackends
import Testing

@Suite("The kit over AF_IRDA") struct IrDAKitTests {
    @Test("on the simulated medium, with somebody who sends everything back") func simulation() async throws {
        let room = try TestRoom(services: [("Echo", .echo)])
        try await expectRules(of: room.computer, echoAt: room.phoneID)
    }

    @Test("through a service, with the same") func service() async throws {
        let room = try ServedRoom()
        let provider = ServiceProvider(station: "Desk", directory: ServiceDirectory(path: room.directory))
        try await expectRules(of: IrDABackend(provider: provider), echoAt: IrDADeviceID(rawValue: room.printerID))
        try await onThread { try room.close() }
    }

    private func expectRules(of backend: IrDABackend, echoAt device: IrDADeviceID) async throws {
        let address = { (service: IrDAServiceName) in IrDAAddress(device: device, service: service).socketAddress }
        var subject = KitSubject(backend, peer: .echo(address(.name("Echo"))))
        subject.refusal = (address(.name("Nothing")), .WSAECONNREFUSED)
        subject.zero = IrDAAddress(device: .none, service: .name("Echo")).socketAddress
        subject.texts = ["0x9ABCDEF1/OBEX", "0x9ABCDEF1/lsap:3"]
        let report = await BackendTestKit(subject).run()
        #expect(report.failures.isEmpty, "\(report)")
        #expect(report.passed.count >= 22, "\(report)")
    }
}
