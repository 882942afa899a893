import IrDAAdapters
import SocketBackends

/// A USB adapter that was opened through libusb.
final class LibUSBDevice: BlockingUSBDevice {
    let adapter: any USBAdapter
    private let usb: LibUSB
    private let endpoints: USBDataEndpoints
    /// libusb's functions may be called with it from any thread; it is freed once, when no call is under way.
    private nonisolated(unsafe) let context: OpaquePointer
    /// As the context: for any thread, and closed once, when no call is under way.
    private nonisolated(unsafe) let handle: OpaquePointer

    private static let readTime: CUnsignedInt = 100
    /// A multiple of every packet size, as a device that sends more than is asked for is an error.
    private static let readSize = 4096
    private static let configurationSize = 512

    /// Opens a device.
    ///
    /// - Parameters:
    ///   - plugged: where it is, and what.
    ///   - options: what its owner says about it.
    ///   - name: what people call the port.
    ///   - usb: the library.
    /// - Throws: why it cannot be used, and what to do.
    init(
        _ plugged: PluggedAdapter, options: USBAdapterOptions = USBAdapterOptions(), name: String, usb: LibUSB
    ) throws(SocketError) {
        let operation = "open \(name)"
        let path = try plugged.adapter(options, operation).dataPath
        var made: OpaquePointer?
        guard usb.start(&made) == 0, let context = made else {
            throw SocketError(.WSAEPROVIDERFAILEDINIT, operation: operation, reason: "libusb does not start")
        }
        do throws(SocketError) {
            let handle = try Self.open(plugged, context, usb, operation)
            do throws(SocketError) {
                endpoints = try Self.prepare(handle, path, usb, operation)
                adapter = try plugged.adapter(options, operation, interface: endpoints.interface)
            } catch {
                usb.close(handle)
                throw error
            }
            self.handle = handle
        } catch {
            usb.exit(context)
            throw error
        }
        self.context = context
        self.usb = usb
    }

    private static func open(
        _ plugged: PluggedAdapter, _ context: OpaquePointer, _ usb: LibUSB, _ operation: String
    ) throws(SocketError) -> OpaquePointer {
        var list: UnsafeMutablePointer<OpaquePointer?>?
        let count = usb.list(context, &list)
        guard count >= 0, let list else {
            throw SocketError(.WSAENETDOWN, operation: operation, reason: "libusb finds no devices")
        }
        defer { usb.freeList(list, 1) }
        let devices = UnsafeBufferPointer(start: list, count: count)
        guard
            let device = devices.first(where: { usb.busNumber($0) == plugged.bus && usb.address($0) == plugged.address }
            )
        else {
            throw SocketError(
                .WSAENETDOWN, operation: operation, reason: "it has just been unplugged, or is not in this container",
                advice: "A container needs /dev/bus/usb")
        }
        var handle: OpaquePointer?
        try check(usb.open(device, &handle), operation)
        guard let handle else {
            throw SocketError(.WSAENETDOWN, operation: operation, reason: "libusb gives no handle")
        }
        return handle
    }

    private static func prepare(
        _ handle: OpaquePointer, _ path: USBDataPath, _ usb: LibUSB, _ operation: String
    ) throws(SocketError) -> USBDataEndpoints {
        // The first configuration, which is the only one that such adapters have.
        var configuration = [UInt8](repeating: 0, count: configurationSize)
        let count = usb.control(handle, 0x80, 6, 0x0200, 0, &configuration, UInt16(configurationSize), 500)
        try check(min(0, count), operation)
        guard let endpoints = USBDataEndpoints(configuration: Array(configuration.prefix(Int(count))), path: path)
        else {
            throw SocketError(
                .WSAEOPNOTSUPP, operation: operation,
                reason: "its descriptor does not show the endpoints that such an adapter has",
                advice: "Please report it, with the output of lsusb -v")
        }
        // Where the system has no such thing there is no driver to detach.
        _ = usb.detachAutomatically(handle, 1)
        try check(usb.claim(handle, CInt(endpoints.interface)), operation)
        // Most have one setting, and some of these refuse to be told.
        _ = usb.setSetting(handle, CInt(endpoints.interface), 0)
        return endpoints
    }

    private static func check(_ answer: CInt, _ operation: String) throws(SocketError) {
        guard answer < 0 else { return }
        switch answer {
        case LibUSB.Failure.access:
            throw SocketError(
                .WSAEACCES, operation: operation, reason: "this user may not use it",
                advice: LibUSBSource.permissionAdvice)
        case LibUSB.Failure.busy:
            throw SocketError(
                .WSAEADDRINUSE, operation: operation, reason: "another program uses it",
                advice: "`irsock adapters` shows which")
        case LibUSB.Failure.noDevice, LibUSB.Failure.notFound:
            throw SocketError(.WSAENETDOWN, operation: operation, reason: "it has just been unplugged")
        default:
            throw SocketError(.WSAENETDOWN, operation: operation, reason: "libusb fails with error \(answer)")
        }
    }

    func perform(_ transfer: USBTransfer, limit: Duration) -> USBOutcome {
        let milliseconds = CUnsignedInt(max(1, min(60_000, (limit / .milliseconds(1)).rounded(.up))))
        switch transfer {
        case .control(let setup): return control(setup, milliseconds)
        case .controlOut(let setup, let bytes): return controlOut(setup, bytes, milliseconds)
        case .clearHalts:
            guard endpoints.output != 0 else { return .done([]) }
            // Where there is no halt to clear, some devices refuse.
            let answers = [usb.clearHalt(handle, endpoints.output), usb.clearHalt(handle, endpoints.input)]
            return answers.contains(LibUSB.Failure.noDevice) ? .gone : .done([])
        case .send(let bytes, let endsShort):
            let outcome = send(bytes, milliseconds)
            guard endsShort, outcome == .done([]), bytes.count % endpoints.packetSize == 0 else { return outcome }
            return send([], milliseconds)
        }
    }

    private func control(_ setup: USBSetup, _ milliseconds: CUnsignedInt) -> USBOutcome {
        var bytes = [UInt8](repeating: 0, count: Int(setup.length))
        let answer = usb.control(
            handle, setup.requestType, setup.request, setup.value, setup.index, &bytes, setup.length, milliseconds)
        guard answer >= 0 else { return Self.outcome(answer) }
        return .done(setup.isIn ? Array(bytes.prefix(Int(answer))) : [])
    }

    private func controlOut(_ setup: USBSetup, _ bytes: [UInt8], _ milliseconds: CUnsignedInt) -> USBOutcome {
        var bytes = bytes
        let answer = usb.control(
            handle, setup.requestType, setup.request, setup.value, setup.index, &bytes, UInt16(clamping: bytes.count),
            milliseconds)
        guard answer >= 0 else { return Self.outcome(answer) }
        return Int(answer) == bytes.count ? .done([]) : .failed
    }

    private func send(_ bytes: [UInt8], _ milliseconds: CUnsignedInt) -> USBOutcome {
        var bytes = bytes
        var sent: CInt = 0
        let answer = packets(endpoints.output, &bytes, &sent, milliseconds)
        guard answer >= 0 else { return Self.outcome(answer) }
        return Int(sent) == bytes.count ? .done([]) : .failed
    }

    private func packets(
        _ endpoint: UInt8, _ bytes: inout [UInt8], _ count: inout CInt, _ milliseconds: CUnsignedInt
    ) -> CInt {
        let transfer = adapter.dataPath == .interrupt ? usb.interrupt : usb.bulk
        return transfer(handle, endpoint, &bytes, CInt(bytes.count), &count, milliseconds)
    }

    func read() -> USBOutcome {
        if case .control(let reading) = adapter.dataPath { return control(reading, Self.readTime) }
        // Interrupts are read one by one: a larger read would wait for one that is not full.
        let size = adapter.dataPath == .interrupt ? endpoints.inputPacketSize : Self.readSize
        var bytes = [UInt8](repeating: 0, count: size)
        var count: CInt = 0
        let answer = packets(endpoints.input, &bytes, &count, Self.readTime)
        // What came before the time was over counts.
        guard answer >= 0 || (answer == LibUSB.Failure.timeout && count > 0) else { return Self.outcome(answer) }
        return .done(Array(bytes.prefix(Int(count))))
    }

    private static func outcome(_ answer: CInt) -> USBOutcome {
        switch answer {
        case LibUSB.Failure.noDevice: .gone
        case LibUSB.Failure.timeout: .timedOut
        case LibUSB.Failure.pipe: .stalled
        default: .failed
        }
    }

    func close() {
        _ = usb.release(handle, CInt(endpoints.interface))
        usb.close(handle)
        usb.exit(context)
    }
}
