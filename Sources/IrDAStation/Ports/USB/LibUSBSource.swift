import IrDAAdapters
import NIOCore
import NIOPosix
import SocketBackends

/// Opens a USB adapter through libusb, wherever it is plugged in by then.
struct LibUSBSource: USBDeviceSource {
    let name: String
    private let place: String?
    private let options: USBPortOptions
    private let usb: LibUSB

    static let permissionAdvice = "Install the udev rule (packaging/70-irsock.rules) and plug it in again"

    /// Looks for an adapter.
    ///
    /// - Parameters:
    ///   - place: the kernel's name for where it is plugged in; nil for the first that can be used.
    ///   - options: what its owner says about it.
    ///   - name: what people call the port.
    /// - Throws: WSAENETDOWN if there is none, or its firmware is missing; WSAEINVAL if the options are not for it.
    init(place: String?, options: USBPortOptions = .none, name: String) throws(SocketError) {
        self.place = place
        self.name = name
        self.options = options
        let plugged = try Self.find(place, options, name)
        // What is wrong with the options is said before anything is opened.
        _ = try plugged.adapter(try Self.options(options, of: plugged, name), "open \(name)")
        usb = try LibUSB()
    }

    private static func find(
        _ place: String?, _ options: USBPortOptions, _ name: String
    ) throws(SocketError) -> PluggedAdapter {
        if let found = choose(from: PluggedAdapter.all(), place: place, options) { return found }
        throw SocketError(
            .WSAENETDOWN, operation: "open \(name)",
            reason: place.map { "no infrared adapter is plugged in at \($0)" }
                ?? "no USB infrared adapter is plugged in",
            advice: "`irsock adapters` lists what there is")
    }

    /// The one at the place, or the first that fits.
    static func choose(from all: [PluggedAdapter], place: String?, _ options: USBPortOptions) -> PluggedAdapter? {
        if let place { return all.first { $0.place == place } }
        if options.firmware != nil, let found = all.first(where: { $0.kind.needsFirmware }) { return found }
        return all.first { $0.kind.isDriven && !$0.kind.needsFirmware } ?? all.first { $0.kind.isDriven } ?? all.first
    }

    /// What its owner says, with the file read.
    static func options(
        _ options: USBPortOptions, of plugged: PluggedAdapter, _ name: String, folder: String = FirmwareFile.folder
    ) throws(SocketError) -> USBAdapterOptions {
        guard plugged.kind.needsFirmware else {
            guard options.firmware == nil else {
                throw SocketError(
                    .WSAEINVAL, operation: "open \(name)", reason: "a \(plugged.kind.summary) takes no firmware",
                    advice: "Leave firmware= out")
            }
            return USBAdapterOptions(quirks: options.quirks)
        }
        let firmware = try FirmwareFile.read(options.firmware, for: plugged, "open \(name)", folder: folder)
        return USBAdapterOptions(quirks: options.quirks, firmware: firmware)
    }

    func open(on loop: any EventLoop) -> EventLoopFuture<any USBDevice> {
        NIOThreadPool.singleton.runIfActive(eventLoop: loop) { [self] in
            let plugged = try Self.find(place, options, name)
            return try LibUSBDevice(
                plugged, options: try Self.options(options, of: plugged, name), name: name, usb: usb)
        }
        .map { ThreadedUSBDevice($0, on: loop) }
    }
}
