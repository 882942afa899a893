import IrDAAdapters
import NIOCore
import NIOPosix
import SocketBackends

/// Opens a USB adapter through libusb, wherever it is plugged in by then.
struct LibUSBSource: USBDeviceSource {
    let name: String
    private let place: String?
    private let usb: LibUSB

    static let permissionAdvice = "Install the udev rule (packaging/70-irsock-usb.rules) and plug it in again"

    /// Looks for an adapter.
    ///
    /// - Parameters:
    ///   - place: the kernel's name for where it is plugged in; nil for the first that can be used.
    ///   - name: what people call the port.
    /// - Throws: WSAENETDOWN if there is none.
    init(place: String?, name: String) throws(SocketError) {
        self.place = place
        self.name = name
        let plugged = try Self.find(place, name)
        guard plugged.kind.make != nil else {
            throw SocketError(
                .WSAEOPNOTSUPP, operation: "open \(name)", reason: "it is a \(plugged.kind.summary)",
                advice: plugged.kind.advice)
        }
        usb = try LibUSB()
    }

    private static func find(_ place: String?, _ name: String) throws(SocketError) -> PluggedAdapter {
        let all = PluggedAdapter.all()
        if let place {
            if let found = all.first(where: { $0.place == place }) { return found }
        } else if let found = all.first(where: { $0.kind.make != nil }) ?? all.first {
            return found
        }
        throw SocketError(
            .WSAENETDOWN, operation: "open \(name)",
            reason: place.map { "no infrared adapter is plugged in at \($0)" }
                ?? "no USB infrared adapter is plugged in",
            advice: "`irsock adapters` lists what there is")
    }

    func open(on loop: any EventLoop) -> EventLoopFuture<any USBDevice> {
        NIOThreadPool.singleton.runIfActive(eventLoop: loop) { [self] in
            try LibUSBDevice(try Self.find(place, name), name: name, usb: usb)
        }
        .map { ThreadedUSBDevice($0, on: loop) }
    }
}
