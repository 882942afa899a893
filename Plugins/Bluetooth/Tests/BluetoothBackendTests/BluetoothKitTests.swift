import BackendTestKit
import BluetoothBackend
import FamilyFixtures
import Glibc
import SocketBackends
import Testing

@Suite("The kit over Bluetooth") struct BluetoothKitTests {
    @Test("every rule, on a radio that is made up") func kit() async throws {
        let radio = Radio()
        let backend = radio.backend
        var subject = KitSubject(
            backend,
            peer: .eachOther { () throws(SocketError) in
                BluetoothAddress(device: Radio.own, port: BluetoothAddress.anyPort).socketAddress
            })
        subject.refusal = (try backend.resolve("(00:11:22:33:44:55):3"), .WSAEHOSTDOWN)
        subject.zero = BluetoothAddress(device: 0, port: 3).socketAddress
        let silent = BluetoothAddress(device: 0x0011_2233_4466, port: 4)
        radio.kernel.set(.silence, of: [31, 0, 0x66, 0x44, 0x33, 0x22, 0x11, 0, 4, 0])
        subject.silent = silent.socketAddress
        subject.texts = ["(00:11:22:33:44:55):3", "(00:11:22:33:44:55):0x1101"]
        subject.wrongTexts = ["", "(00:11:22:33:44:55):31", "(00:11:22:33:44:5)"]
        let report = await BackendTestKit(subject).run()
        #expect(report.failures.isEmpty, "\(report)")
        #expect(report.passed.count >= 36, "\(report)")
    }

    /// This machine's own Bluetooth, whatever there is of it: what must hold then is held to.
    @Test("the kernel's own Bluetooth, as far as there is any") func real() throws {
        let backend = BluetoothBackend()
        let controller = access("/dev/vhci", F_OK) == 0 ? "/dev/vhci is there" : "there is no /dev/vhci"
        switch backend.availability {
        case .unavailable(let reason):
            print("Bluetooth: \(reason); \(controller). Found no controller, real or virtual.")
            #expect(reason == "this kernel has no bluetooth sockets")
            guard case .declined = try backend.makeSocket(type: .stream, protocolNumber: .any) else { throw Declined() }
        case .available:
            let socket = try backend.socket()
            defer { socket.close() }
            let address = try backend.resolve("(02:00:00:00:00:99):3")
            let error = #expect(throws: SocketError.self) { try socket.connectToTheEnd(address) }
            print("Bluetooth: sockets; \(controller). A connect to nobody: \(error?.description ?? "")")
            #expect([.WSAENETDOWN, .WSAETIMEDOUT, .WSAENETUNREACH].contains(error?.code))
        }
        // libbluetooth itself was called, and says what is true.
        do throws(SocketError) {
            print("Bluetooth: an inquiry finds \(try backend.inquire(seconds: 1))")
        } catch {
            #expect([.WSAENETDOWN, .WSAEACCES].contains(error.code))
        }
    }
}
