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
}
