import BluetoothBackend
import FamilyFixtures
import Glibc
import SocketBackends
import SystemPackage
import Testing

@Suite("Connecting over Bluetooth") struct BluetoothConnectTests {
    private let radio = Radio()
    private var backend: BluetoothBackend { radio.backend }
    private let device: UInt64 = 0x0011_2233_4455

    private func expect(_ code: WSAErrorCode, _ body: () throws -> Void, line: Int = #line) {
        let error = #expect(throws: SocketError.self, performing: body)
        #expect(error?.code == code, "line \(line): \(error?.description ?? "")")
    }

    /// Somebody who takes connections, at a channel of this machine.
    private func listener(channel: UInt32 = BluetoothAddress.anyPort) throws -> (any BackendSocket, BluetoothAddress) {
        let socket = try backend.socket()
        try socket.bind(to: BluetoothAddress(device: Radio.own, port: channel).socketAddress)
        try socket.listen(backlog: 4)
        return (socket, try #require(BluetoothAddress(try socket.localAddress())))
    }

    @Test("B2, B3, B6: what is nobody's address is WSAEADDRNOTAVAIL") func addresses() throws {
        let socket = try backend.socket()
        defer { socket.close() }
        for address in [
            BluetoothAddress(device: 0, port: 3), BluetoothAddress(device: 0, service: .serialPort),
            BluetoothAddress(device: 1 << 48, port: 3), BluetoothAddress(device: device),
            BluetoothAddress(device: device, port: 31),
            BluetoothAddress(device: device, port: BluetoothAddress.anyPort),
        ] {
            expect(.WSAEADDRNOTAVAIL) { _ = try socket.connect(to: address.socketAddress) }
        }
        expect(.WSAEFAULT) {
            _ = try socket.connect(
                to: try SocketAddress(bytes: Array(BluetoothAddress(device: device).socketAddress.bytes.prefix(29))))
        }
        expect(.WSAEAFNOSUPPORT) {
            _ = try socket.connect(to: SocketAddress(family: .inet, payload: Array(repeating: 0, count: 28)))
        }
    }

    @Test("B3: with a channel the service class is not looked at") func channel() throws {
        let (listener, address) = try listener()
        defer { listener.close() }
        let socket = try backend.socket()
        defer { socket.close() }
        radio.failLookUps(.hostIsDown)
        try socket.connectToTheEnd(
            BluetoothAddress(device: address.device, service: .serialPort, port: address.port).socketAddress)
        #expect(try socket.peerAddress() == address.socketAddress)
    }

    @Test("B4: without a channel the device tells it; meanwhile the socket is not ready for anything") func service()
        throws
    {
        let (listener, address) = try listener()
        defer { listener.close() }
        radio.offer(.serialPort, channel: UInt8(address.port))
        let gate = try Gate()
        radio.hold(gate)
        let socket = try backend.socket()
        defer { socket.close() }
        let target = BluetoothAddress(device: Radio.own, service: .serialPort).socketAddress
        #expect(try socket.connect(to: target) == .pending)
        #expect(try socket.readiness(0) == 0)
        expect(.WSAEWOULDBLOCK) { try socket.finishConnect() }
        gate.open()
        #expect(try socket.readiness() & POLLOUT != 0)
        try socket.finishConnect()
        #expect(try socket.readiness(0) == POLLOUT, "it is connected, and there is nothing to read")
        #expect(try socket.peerAddress() == address.socketAddress)
        let accepted = try listener.accept()
        let bytes: [UInt8] = [7]
        let sent = try accepted.socket.send(bytes.span.bytes, flags: [])
        #expect(sent == 1)
        accepted.socket.close()
    }

    @Test("B4: a service that there is not is WSAEADDRNOTAVAIL, and the socket can try another") func noService() throws
    {
        let (listener, address) = try listener()
        defer { listener.close() }
        let socket = try backend.socket()
        defer { socket.close() }
        let target = BluetoothAddress(device: Radio.own, service: ServiceClass(0x1105)).socketAddress
        expect(.WSAEADDRNOTAVAIL) { try socket.connectToTheEnd(target) }
        expect(.WSAEADDRNOTAVAIL) { try socket.finishConnect() }
        radio.offer(ServiceClass(0x1105), channel: UInt8(address.port))
        try socket.connectToTheEnd(target)
        #expect(try socket.peerAddress() == address.socketAddress)
    }

    @Test("a look-up that fails is told as a connect that fails") func lookUpFails() throws {
        radio.failLookUps(.hostIsDown)
        let socket = try backend.socket()
        defer { socket.close() }
        let target = BluetoothAddress(device: device, service: .serialPort).socketAddress
        expect(.WSAETIMEDOUT) { try socket.connectToTheEnd(target) }
        expect(.WSAETIMEDOUT) { _ = try backend.channel(of: .serialPort, at: device) }
    }

    @Test("a socket that is closed while a service is looked up is closed") func closedMeanwhile() throws {
        let gate = try Gate()
        radio.hold(gate)
        let socket = try backend.socket()
        _ = try socket.connect(to: BluetoothAddress(device: device, service: .serialPort).socketAddress)
        let hold = try socket.descriptor.hold(for: "wait")
        socket.close()
        let woken = hold.withDescriptor { descriptor in
            var watched = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
            return poll(&watched, 1, 30_000)
        }
        #expect(woken == 1)
        gate.open()
        expect(.WSAENOTSOCK) { try socket.descriptor.withDescriptor(for: "use") { _ in } }
    }

    @Test(
        "the radio's errors have the codes that are documented for Bluetooth",
        arguments: [
            (EHOSTDOWN, WSAErrorCode.WSAETIMEDOUT), (ETIMEDOUT, .WSAETIMEDOUT), (EACCES, .WSAEACCES),
            (EBADE, .WSAEACCES),
            (ELOOP, .WSAEACCES), (ENOMEM, .WSAENOBUFS), (EMLINK, .WSAENOBUFS), (EBUSY, .WSAEADDRINUSE),
            (ECONNREFUSED, .WSAEHOSTDOWN), (EOPNOTSUPP, .WSAEOPNOTSUPP), (ECONNRESET, .WSAECONNRESET),
            (ECONNABORTED, .WSAECONNABORTED), (EPROTO, .WSAENETUNREACH), (EPROTONOSUPPORT, .WSAEPROTONOSUPPORT),
            (ENOSYS, .WSAENETDOWN), (ENODEV, .WSAENETDOWN), (ESHUTDOWN, .WSAESHUTDOWN), (ENETUNREACH, .WSAENETUNREACH),
        ])
    func errors(errno: Int32, code: WSAErrorCode) throws {
        let address = BluetoothAddress(device: device, port: 5)
        for fate in [Errno(rawValue: errno)] {
            radio.kernel.set(.fails(fate), of: kernelBytes(address))
            let later = try backend.socket()
            expect(code) { try later.connectToTheEnd(address.socketAddress) }
            later.close()
            radio.kernel.set(.refused(fate), of: kernelBytes(address))
            let atOnce = try backend.socket()
            expect(code) { _ = try atOnce.connect(to: address.socketAddress) }
            atOnce.close()
        }
    }

    private func kernelBytes(_ address: BluetoothAddress) -> [UInt8] {
        [31, 0] + (0..<6).map { UInt8(truncatingIfNeeded: address.device >> (8 * $0)) } + [UInt8(address.port), 0]
    }

    @Test("D19: without an adapter there are sockets, and connect is WSAENETDOWN") func noAdapter() throws {
        radio.removeAdapter()
        #expect(backend.availability == .available)
        let socket = try backend.socket()
        defer { socket.close() }
        expect(.WSAENETDOWN) { _ = try socket.connect(to: BluetoothAddress(device: device, port: 3).socketAddress) }
        expect(.WSAENETDOWN) {
            _ = try socket.connect(to: BluetoothAddress(device: device, service: .serialPort).socketAddress)
        }
        expect(.WSAENETDOWN) { _ = try backend.inquire() }
        expect(.WSAENETDOWN) { _ = try backend.channel(of: .serialPort, at: device) }
        // What is wrong with the address comes first (decision D1).
        expect(.WSAEADDRNOTAVAIL) { _ = try socket.connect(to: BluetoothAddress(device: 0, port: 3).socketAddress) }
    }

    @Test("a kernel without Bluetooth has no sockets, and says so") func noFamily() throws {
        let backend = Radio(hasFamily: false).backend
        guard case .declined(let reason) = try backend.makeSocket(type: .stream, protocolNumber: .any) else {
            throw Declined()
        }
        #expect(reason == "this kernel has no Bluetooth (AF_BLUETOOTH)")
    }

    @Test("a server's channel is known at once, and there are thirty") func channels() throws {
        var sockets: [any BackendSocket] = []
        defer { for socket in sockets { socket.close() } }
        for channel in UInt32(1)...30 {
            let (socket, address) = try listener()
            sockets.append(socket)
            #expect(address.port == channel)
        }
        let socket = try backend.socket()
        defer { socket.close() }
        expect(.WSAENOBUFS) {
            try socket.bind(to: BluetoothAddress(device: Radio.own, port: BluetoothAddress.anyPort).socketAddress)
        }
        expect(.WSAEADDRINUSE) { try socket.bind(to: BluetoothAddress(device: Radio.own, port: 7).socketAddress) }
        expect(.WSAEADDRNOTAVAIL) { try socket.bind(to: BluetoothAddress(device: Radio.own, port: 31).socketAddress) }
    }

    @Test("options are for before connect (B7); security goes to the kernel, sizes are checked") func options() throws {
        let socket = try backend.socket()
        defer { socket.close() }
        let yes = OptionValue(UInt32(1)).bytes
        try socket.setOption(.bluetoothAuthenticate, to: yes)
        try socket.setOption(.bluetoothEncrypt, to: yes)
        try socket.setOption(.bluetoothAuthenticate, to: OptionValue(UInt32(0)).bytes)
        try socket.setOption(.bluetoothEncrypt, to: OptionValue(UInt32(0)).bytes)
        #expect(radio.kernel.options == ["274/4=0200", "274/4=0200", "274/4=0200", "274/4=0100"])
        try socket.setOption(.bluetoothMaximumMTU, to: OptionValue(UInt32(500)).bytes)
        #expect(try socket.option(.bluetoothMTU, buffer: [0, 0, 0, 0]) == OptionValue(UInt32(500)).bytes)
        expect(.WSAEINVAL) { try socket.setOption(.bluetoothMTU, to: OptionValue(UInt32(501)).bytes) }
        expect(.WSAEINVAL) { try socket.setOption(.bluetoothMinimumMTU, to: OptionValue(UInt32(22)).bytes) }
        expect(.WSAENOPROTOOPT) { _ = try socket.option(.bluetoothEncrypt, buffer: [0, 0, 0, 0]) }
        expect(.WSAEFAULT) { _ = try socket.option(.bluetoothMTU, buffer: [0]) }
        expect(.WSAEFAULT) { try socket.setOption(.bluetoothEncrypt, to: [1]) }
        let (listener, address) = try listener()
        defer { listener.close() }
        try socket.connectToTheEnd(address.socketAddress)
        expect(.WSAEINVAL) { try socket.setOption(.bluetoothEncrypt, to: yes) }
    }

    @Test("a new attempt has the options of the first") func optionsOfRetry() throws {
        let socket = try backend.socket()
        defer { socket.close() }
        try socket.setOption(.bluetoothEncrypt, to: OptionValue(UInt32(1)).bytes)
        let (listener, address) = try listener()
        defer { listener.close() }
        expect(.WSAEHOSTDOWN) { try socket.connectToTheEnd(BluetoothAddress(device: device, port: 9).socketAddress) }
        try socket.connectToTheEnd(address.socketAddress)
        #expect(radio.kernel.options == ["274/4=0200", "274/4=0200"])
    }

    @Test("an inquiry takes 1 to 60 seconds, which are units of 1.28") func inquiry() throws {
        let device = BluetoothDevice(address: device, deviceClass: 0x20_0404, name: "Phone")
        radio.put(device)
        #expect(try backend.inquire() == [device])
        #expect(try backend.inquire(seconds: 60, flushing: false) == [device])
        #expect(radio.inquiries == ["5 flushing", "47"])
        expect(.WSAEINVAL) { _ = try backend.inquire(seconds: 0) }
        expect(.WSAEINVAL) { _ = try backend.inquire(seconds: 61) }
    }
}
