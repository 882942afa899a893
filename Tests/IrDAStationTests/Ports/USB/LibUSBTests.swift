import IrDAAdapters
import NIOPosix
import SocketBackends
import Testing

@testable import IrDAStation

/// libusb itself, on a machine without adapters, and what sysfs says of machines with some.
@Suite struct LibUSBTests {
    @Test func theLibraryIsThereAndListsDevices() throws {
        let usb = try LibUSB()
        var context: OpaquePointer?
        #expect(usb.start(&context) == 0)
        var list: UnsafeMutablePointer<OpaquePointer?>?
        #expect(usb.list(context, &list) >= 0)
        usb.freeList(list, 1)
        usb.exit(context)
    }

    @Test func theLibrarySaysItsVersion() throws {
        #expect(try LibUSB().versionText.hasPrefix("1.0."))
        #expect(USBProbe.libraryVersion == (try LibUSB().versionText))
    }

    @Test func aMissingLibraryIsExplained() {
        let error = #expect(throws: SocketError.self) { try LibUSB("libnone.so") }
        #expect(error?.reason == "libnone.so cannot be loaded")
        #expect(error?.advice == "Install it: apt-get install libusb-1.0-0")
    }

    @Test func anotherLibraryIsNotTakenForIt() {
        let error = #expect(throws: SocketError.self) { try LibUSB("libc.so.6") }
        #expect(error?.reason == "libc.so.6 has no function libusb_init")
    }

    @Test func aDeviceThatHasGoneMeanwhileIsExplained() throws {
        let kind = try #require(USBAdapterKind.kind(vendor: 0x9710, product: 0x7780, classes: []))
        let plugged = PluggedAdapter(
            place: "9-9", kind: kind, identity: USBIdentity(vendor: 0x9710, product: 0x7780, description: ""), bus: 250,
            address: 250, driver: nil)
        let usb = try LibUSB()
        let error = #expect(throws: SocketError.self) { try LibUSBDevice(plugged, name: "usb", usb: usb) }
        #expect(error?.operation == "open usb")
    }

    @Test(arguments: ["usb:9-9.9", "usb:9-9"])
    func aPlaceWithNothingIsExplained(name: String) throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let error = #expect(throws: SocketError.self) { try PortSpecification(name).makePort(on: loop) }
        #expect(error?.reason.hasPrefix("no infrared adapter is plugged in at 9-9") == true)
    }

    @Test func aUSBPortIsNoBareLightAndHasNoDongle() throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let port = try PortSpecification("usb")
        #expect(port.kind == .usb(place: nil))
        #expect(throws: SocketError.self) { try port.makeDonglePort(on: loop) }
        let error = #expect(throws: SocketError.self) { try port.makePort(dongle: "tekram", on: loop) }
        #expect(error?.reason == "a USB adapter has no dongle")
    }

    // MARK: What is plugged in

    @Test func adaptersAreFoundBeforeTheyAreOpened() throws {
        let devices = "bus/usb/devices"
        func device(_ place: String, _ vendor: String, _ product: String, _ address: String) -> [String: String] {
            [
                "\(devices)/\(place)/idVendor": "\(vendor)\n", "\(devices)/\(place)/idProduct": "\(product)\n",
                "\(devices)/\(place)/busnum": "1\n", "\(devices)/\(place)/devnum": "\(address)\n",
                "\(devices)/\(place)/product": "Stick\n",
            ]
        }
        func interface(_ place: String, _ base: String, _ sub: String, _ proto: String) -> [String: String] {
            [
                "\(devices)/\(place)/bInterfaceClass": base, "\(devices)/\(place)/bInterfaceSubClass": sub,
                "\(devices)/\(place)/bInterfaceProtocol": proto,
            ]
        }
        let files = [
            device("1-1", "9710", "7780", "7"), interface("1-1:1.0", "ff", "00", "ff"),
            device("1-2", "1234", "5678", "112"), interface("1-2:1.0", "fe", "02", "00"),
            device("1-3", "046d", "c52b", "9"), interface("1-3:1.0", "03", "01", "02"),
            device("1-4", "07d0", "4959", "10"), device("1-5", "zzzz", "4959", "11"),
        ].reduce(into: [:]) { $0.merge($1) { first, _ in first } }
        let tree = try SysfsTree(files)
        let found = PluggedAdapter.all(sysfs: tree.path)
        #expect(found.map(\.place) == ["1-1", "1-2", "1-4"])
        #expect(found.map(\.kind.name) == ["mcs7780", "bridge", "ks959"])
        #expect(found.map(\.path) == ["/dev/bus/usb/001/007", "/dev/bus/usb/001/112", "/dev/bus/usb/001/010"])
        #expect(found[0].identity.numbers == "9710:7780")
        let shown = found.map(Adapter.init)
        #expect(shown.map(\.port) == ["usb:1-1", "usb:1-2", nil])
        #expect(shown[2].advice == "IrSock has no driver for it; avoid it.")
    }

    @Test func serialPortsAreFoundWithTheirHardware() throws {
        let tree = try SysfsTree([
            "class/tty/ttyUSB0/device/idVendor": "0df7\n", "class/tty/ttyUSB0/device/idProduct": "0620\n",
            "class/tty/ttyS7/type": "0\n", "class/tty/tty1/active": "",
        ])
        let found = TerminalHardware.all(sysfs: tree.path, devices: "/nonexistent")
        #expect(found.map(\.path) == ["/nonexistent/ttyUSB0"])
        #expect(found.first?.usb?.numbers == "0df7:0620")
        let shown = try #require(found.first.map(Adapter.init))
        #expect(shown.dongle == "ma600" && shown.description == "Mobile Action MA-620")
        #expect(shown.advice.hasPrefix("No permission: join the group that owns /nonexistent/ttyUSB0"))
    }
}
