import Glibc
import IrDAAdapters
import NIOPosix
import SocketBackends
import Testing

@testable import IrDAStation

/// What people say of a USB adapter behind the name of its port.
@Suite struct USBPortOptionsTests {
    @Test func optionsStandBehindThePlace() throws {
        let bare = try PortSpecification("usb:1-4.2")
        #expect(bare.kind == .usb(place: "1-4.2") && bare.usb == .none)
        let port = try PortSpecification("usb:1-4,quirk=speed-index,firmware=/a=b.sb")
        #expect(port.kind == .usb(place: "1-4"))
        #expect(port.usb.quirks == ["speed-index"] && port.usb.firmware == "/a=b.sb")
        let anywhere = try PortSpecification("usb,quirk=modem-lines")
        #expect(anywhere.kind == .usb(place: nil) && anywhere.usb.quirks == ["modem-lines"])
        #expect(anywhere.description == "usb,quirk=modem-lines")
    }

    @Test(arguments: [
        ("usb,", "'' is no option of a USB port"), ("usb,quirk", "'quirk' is no option of a USB port"),
        ("usb,quirk=", "'quirk=' is no option of a USB port"), ("usb,=x", "a USB port has no option ''"),
        ("usb,speed=9600", "a USB port has no option 'speed'"), ("usb,quirk=none", "no adapter has a quirk 'none'"),
        ("usb,firmware=a,firmware=b", "the firmware is given twice"), ("usb:,quirk=modem-lines", "names no port"),
        ("usb:1_4", "names no port"), ("usbx", "names no port"),
    ])
    func optionsThatAreNoneAreExplained(name: String, reason: String) {
        let error = #expect(throws: SocketError.self) { try PortSpecification(name) }
        #expect(error?.reason.contains(reason) == true, "\(String(describing: error))")
    }

    @Test func anUnknownQuirkIsSaidWithThoseThatThereAre() {
        let error = #expect(throws: SocketError.self) { try PortSpecification("usb,quirk=none") }
        for kind in USBAdapterKind.all {
            for quirk in kind.quirks { #expect(error?.advice.contains(quirk.name) == true) }
        }
    }

    // MARK: Of one adapter

    private func plugged(
        _ vendor: UInt16, _ product: UInt16, at place: String = "1-1", release: UInt16? = nil
    ) throws -> PluggedAdapter {
        PluggedAdapter(
            place: place, kind: try #require(USBAdapterKind.kind(vendor: vendor, product: product, classes: [])),
            identity: USBIdentity(vendor: vendor, product: product, description: ""), bus: 1, address: 2, driver: nil,
            release: release)
    }

    @Test func aQuirkOfAnotherAdapterIsSaidWithThoseOfThisOne() throws {
        let options = try PortSpecification("usb,quirk=modem-lines").usb
        let stick = try plugged(0x066F, 0x4200)
        let error = #expect(throws: SocketError.self) {
            try stick.adapter(LibUSBSource.options(options, of: stick, "usb"), "open usb")
        }
        #expect(error?.code == .WSAEINVAL)
        #expect(
            error?.reason == "a SigmaTel STIr4200 stick has no quirk 'modem-lines'; it has: slow-receive, fir-flags")
        let mcs7784 = try plugged(0x9710, 0x7784)
        _ = try mcs7784.adapter(LibUSBSource.options(options, of: mcs7784, "usb"), "open usb")
    }

    @Test func whatTheKernelDrivesIsNotOpenedHere() throws {
        let error = #expect(throws: SocketError.self) {
            try plugged(0x0DF7, 0x0620).adapter(USBAdapterOptions(), "open usb:1-1")
        }
        #expect(error?.code == .WSAEOPNOTSUPP)
        #expect(error?.reason == "the kernel makes a serial port of a Mobile Action MA-620")
    }

    @Test func theFirstAdapterThatFitsIsTaken() throws {
        let all = [
            try plugged(0x0DF7, 0x0620, at: "1-1"), try plugged(0x066F, 0x4210, at: "1-2"),
            try plugged(0x9710, 0x7780, at: "1-3"),
        ]
        func place(_ all: [PluggedAdapter], at place: String? = nil, _ name: String = "usb") throws -> String? {
            LibUSBSource.choose(from: all, place: place, try PortSpecification(name).usb)?.place
        }
        #expect(try place(all) == "1-3")
        #expect(try place(all, "usb,firmware=x") == "1-2")
        #expect(try place(Array(all.prefix(2))) == "1-2")
        #expect(try place(Array(all.prefix(1))) == "1-1")
        #expect(try place(all, at: "1-1") == "1-1")
        #expect(try place(all, at: "1-9") == nil)
    }

    // MARK: Firmware

    private func firmware(_ name: String, _ folder: FileTree, release: UInt16? = 0x1001) throws -> STIr421xFirmware? {
        let options = try PortSpecification(name).usb
        let stick = try plugged(0x066F, 0x4210, release: release)
        return try LibUSBSource.options(options, of: stick, name, folder: folder.path).firmware
    }

    @Test func firmwareIsReadFromItsOwnersFileOrTheSystems() throws {
        let text = String(decoding: Firmware.file, as: Unicode.ASCII.self)
        let tree = try FileTree(["42101001.sb": text, "mine": text])
        #expect(try firmware("usb", tree) == Firmware.parsed)
        #expect(try firmware("usb,firmware=\(tree.path)/mine", tree, release: nil) == Firmware.parsed)
    }

    @Test func missingFirmwareIsSaidWithItsName() throws {
        let tree = try FileTree(["other": "something else"])
        let missing = #expect(throws: SocketError.self) { try firmware("usb", tree) }
        #expect(missing?.reason.hasSuffix("\(tree.path)/42101001.sb cannot be read: No such file or directory") == true)
        #expect(
            missing?.advice
                == "The file 42101001.sb was handed out for Linux's old driver. Name it: --port usb:1-1,firmware=FILE")
        let wrong = #expect(throws: SocketError.self) { try firmware("usb,firmware=\(tree.path)/other", tree) }
        #expect(
            wrong?.reason
                == "\(tree.path)/other is no firmware: the firmware does not begin with 'Product Version: '")
        for path in [tree.path, "/dev/null", "/dev/zero", "/nonexistent"] {
            #expect(throws: SocketError.self) { try firmware("usb,firmware=\(path)", tree) }
        }
    }

    @Test func aNameThatNobodyWritesToIsNotWaitedFor() throws {
        let tree = try FileTree(["other": ""])
        let pipe = "\(tree.path)/pipe"
        try #require(mkfifo(pipe, 0o600) == 0)
        defer { unlink(pipe) }
        #expect(throws: SocketError.self) { try firmware("usb,firmware=\(pipe)", tree) }
    }

    @Test func anAdapterWithoutFirmwareTakesNone() throws {
        let options = try PortSpecification("usb,firmware=/nonexistent").usb
        let error = #expect(throws: SocketError.self) {
            try LibUSBSource.options(options, of: plugged(0x9710, 0x7780), "usb")
        }
        #expect(error?.reason == "a MosChip MCS7780 stick takes no firmware")
    }
}

/// Firmware that no hardware has ever run.
enum Firmware {
    static let image: [UInt8] = (0..<1500).map { UInt8(1 + $0 % 127) }
    static let file = Array("Product Version: 001.000.01\r\n\u{1A}STMP".utf8) + image
    static let parsed = try? STIr421xFirmware(file)
}
