import BackendTestKit
import IrDABackend
import IrDAProtocol
import IrDASimulation
import SocketBackends
import Testing

@Suite("The kit over AF_IRDA") struct IrDAKitTests {
    @Test("on the simulated medium, with somebody who sends everything back") func simulation() async throws {
        let room = try TestRoom(services: [("Echo", .echo)])
        let address = { (service: IrDAServiceName) in IrDAAddress(device: room.phoneID, service: service).socketAddress
        }
        var subject = KitSubject(room.computer, peer: .echo(address(.name("Echo"))))
        subject.refusal = (address(.name("Nothing")), .WSAECONNREFUSED)
        subject.zero = IrDAAddress(device: .none, service: .name("Echo")).socketAddress
        subject.texts = ["0x9ABCDEF1/OBEX", "0x9ABCDEF1/lsap:3"]
        let report = await BackendTestKit(subject).run()
        #expect(report.failures.isEmpty, "\(report)")
        #expect(report.passed.count >= 22, "\(report)")
    }
}
