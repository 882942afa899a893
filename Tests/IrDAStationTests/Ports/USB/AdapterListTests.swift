import IrDAAdapters
import SocketBackends
import Testing

@testable import IrDAStation

/// What sysfs says of machines with adapters, and what is listed of it.
@Suite struct AdapterListTests {
    private static let devices = "bus/usb/devices"

    private func device(
        _ place: String, _ vendor: String, _ product: String, _ address: String, release: String = "0100"
    ) -> [String: String] {
        [
            "\(Self.devices)/\(place)/idVendor": "\(vendor)\n", "\(Self.devices)/\(place)/idProduct": "\(product)\n",
            "\(Self.devices)/\(place)/busnum": "1\n", "\(Self.devices)/\(place)/devnum": "\(address)\n",
            "\(Self.devices)/\(place)/product": "Stick\n", "\(Self.devices)/\(place)/bcdDevice": "\(release)\n",
        ]
    }

    private func interface(_ place: String, _ base: String, _ sub: String, _ proto: String) -> [String: String] {
        [
            "\(Self.devices)/\(place)/bInterfaceClass": base, "\(Self.devices)/\(place)/bInterfaceSubClass": sub,
            "\(Self.devices)/\(place)/bInterfaceProtocol": proto,
        ]
    }

    private func tree(_ files: [[String: String]]) throws -> FileTree {
        try FileTree(files.reduce(into: [:]) { $0.merge($1) { first, _ in first } })
    }

    @Test func adaptersAreFoundBeforeTheyAreOpened() throws {
        let tree = try tree([
            device("1-1", "9710", "7780", "7"), interface("1-1:1.0", "ff", "00", "ff"),
            device("1-2", "1234", "5678", "112"), interface("1-2:1.0", "fe", "02", "00"),
            device("1-3", "046d", "c52b", "9"), interface("1-3:1.0", "03", "01", "02"),
            device("1-4", "07d0", "4959", "10"), device("1-5", "zzzz", "4959", "11"),
            device("1-6", "9710", "7703", "12"), interface("1-6:1.0", "ff", "00", "ff"),
            device("1-7", "066f", "4210", "13", release: "1001"), device("1-8", "18ec", "3118", "14"),
        ])
        let found = PluggedAdapter.all(sysfs: tree.path)
        #expect(found.map(\.place) == ["1-1", "1-2", "1-4", "1-6", "1-7", "1-8"])
        #expect(found.map(\.kind.name) == ["mcs7780", "bridge", "ks959", "mcs7784", "stir421x", "ark3116t"])
        #expect(
            found.prefix(3).map(\.path) == ["/dev/bus/usb/001/007", "/dev/bus/usb/001/112", "/dev/bus/usb/001/010"])
        #expect(found[0].identity.numbers == "9710:7780")
        #expect(found[4].release == 0x1001)
    }

    @Test func whatToDoIsSaid() throws {
        let tree = try tree([
            device("1-1", "9710", "7780", "7"), device("1-2", "07d0", "4959", "8"),
            device("1-3", "066f", "4210", "9", release: "1001"), device("1-4", "0df7", "0620", "10"),
        ])
        let empty = try FileTree(["none": ""])
        let full = try FileTree(["42101001.sb": ""])
        let found = PluggedAdapter.all(sysfs: tree.path)
        func shown(_ index: Int, mayUse: Bool = true, _ folder: FileTree) -> Adapter {
            Adapter(found[index], mayUse: mayUse, firmwareFolder: folder.path)
        }
        #expect(shown(0, empty).port == "usb:1-1" && shown(0, empty).advice == "Ready: --port usb:1-1.")
        #expect(shown(0, mayUse: false, empty).advice == "\(LibUSBSource.permissionAdvice).")
        #expect(shown(1, empty).advice.hasPrefix("Ready: --port usb:1-2. It stays at 9600 bit/s"))
        #expect(
            shown(1, empty).quirks
                == ["quirk=speed-endpoint", "quirk=speed-other", "quirk=speed-index", "quirk=speed-length"])
        #expect(
            shown(2, empty).advice
                == "It needs its firmware. The file 42101001.sb was handed out for Linux's old driver. Name it: --port usb:1-3,firmware=FILE."
        )
        #expect(shown(2, full).advice.hasPrefix("Ready: --port usb:1-3."))
        #expect(shown(3, empty).port == nil && shown(3, empty).description == "Mobile Action MA-620 (0df7:0620)")
        #expect(shown(3, empty).advice.hasSuffix("sudo modprobe pl2303"))
    }

    @Test(arguments: [
        ("0df7", "0620", "Mobile Action MA-620", "ma600"), ("18ec", "3118", "ARK3116T infrared adapter", "raw"),
    ])
    func whatTheKernelMakesASerialPortOfIsListedAsThat(
        vendor: String, product: String, description: String, dongle: String
    ) throws {
        let tree = try tree([
            device("1-4", vendor, product, "10"),
            ["class/tty/ttyUSB0/device/idVendor": vendor, "class/tty/ttyUSB0/device/idProduct": product],
        ])
        let plugged = PluggedAdapter.all(sysfs: tree.path)
        let terminals = TerminalHardware.all(sysfs: tree.path, devices: "/nonexistent")
        #expect(plugged.count == 1 && terminals.count == 1)
        let all = Adapter.all(plugged, terminals)
        #expect(all.map(\.description) == [description])
        #expect(all.map(\.dongle) == [dongle])
        #expect(
            Adapter(try #require(terminals.first), mayUse: true).advice
                == "Ready: --port serial:/nonexistent/ttyUSB0 --dongle \(dongle).")
    }

    @Test func serialPortsAreFoundWithTheirHardware() throws {
        let tree = try FileTree([
            "class/tty/ttyUSB0/device/idVendor": "0df7\n", "class/tty/ttyUSB0/device/idProduct": "0620\n",
            "class/tty/ttyS7/type": "0\n", "class/tty/tty1/active": "",
        ])
        let found = TerminalHardware.all(sysfs: tree.path, devices: "/nonexistent")
        #expect(found.map(\.path) == ["/nonexistent/ttyUSB0"])
        #expect(found.first?.usb?.numbers == "0df7:0620")
        let shown = try #require(found.first.map { Adapter($0) })
        #expect(shown.dongle == "ma600" && shown.description == "Mobile Action MA-620")
        #expect(shown.advice.hasPrefix("No permission: join the group that owns /nonexistent/ttyUSB0"))
    }
}
