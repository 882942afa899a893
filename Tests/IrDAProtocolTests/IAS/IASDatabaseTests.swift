@testable import IrDAProtocol
import Testing

/// An object beyond a limit, and the error.
struct ExcessiveObject: Sendable, CustomTestStringConvertible {
    var className: IASName
    var attributes: [IASAttribute]
    var error: IASError

    init(_ className: IASName, _ attributes: [(name: IASName, value: IASValue)], _ error: IASError) {
        self.className = className
        self.attributes = attributes.map { IASAttribute(name: $0.name, value: $0.value) }
        self.error = error
    }

    var testDescription: String { error.description }

    private static let long = IASName(String(repeating: "n", count: 61))
    private static let text = IASString(characterSet: .ascii, bytes: [UInt8](repeating: 65, count: 256))

    static let all = [
        ExcessiveObject("", [], .emptyName),
        ExcessiveObject(long, [], .nameTooLong(long)),
        ExcessiveObject("C", [("", .missing)], .emptyName),
        ExcessiveObject("C", [(long, .missing)], .nameTooLong(long)),
        ExcessiveObject("C", [("A", .octets([UInt8](repeating: 0, count: 1025)))], .octetsTooLong(1025)),
        ExcessiveObject("C", [("A", .string(text))], .stringTooLong(256)),
        ExcessiveObject("C", [("A", .missing), ("A", .integer(1))], .duplicateAttribute("A")),
        ExcessiveObject("C", (0..<256).map { (IASName("A\($0)"), .missing) }, .tooManyAttributes),
    ]
}

@Suite("IAS information base")
struct IASDatabaseTests {
    private func refusal(_ body: () throws(IASError) -> Void) -> IASError? {
        do throws(IASError) {
            try body()
            return nil
        } catch {
            return error
        }
    }

    @Test("The Device object")
    func device() {
        let database = IASDatabase(deviceName: "Printer-B")
        #expect(database.objects.map(\.id) == [0])
        #expect(
            database.values(className: "Device", attribute: "DeviceName")
                == .success([IASEntry(objectID: 0, value: .string(IASString("Printer-B")))]))
        #expect(
            database.values(className: "Device", attribute: "IrLMPSupport")
                == .success([IASEntry(objectID: 0, value: .octets([1, 0, 0]))]))
        let long = IASDatabase(deviceName: String(repeating: "n", count: 300))
        #expect(long.object(id: 0)?.value(of: "DeviceName") == .string(IASString(String(repeating: "n", count: 255))))
    }

    @Test("Objects come and go, ids are not reused at once")
    func objects() throws {
        var database = IASDatabase(deviceName: "x")
        let obex = try database.add(
            className: "OBEX", attributes: [IASAttribute(name: "IrDA:TinyTP:LsapSel", value: .integer(2))])
        let other = try database.add(
            className: "OBEX", attributes: [IASAttribute(name: "Other", value: .missing)])
        #expect(obex == 1 && other == 2)
        #expect(
            database.values(className: "OBEX", attribute: "IrDA:TinyTP:LsapSel")
                == .success([IASEntry(objectID: 1, value: .integer(2))]))
        #expect(database.values(className: "OBEX", attribute: "irda:tinytp:lsapsel") == .noSuchAttribute)
        #expect(database.values(className: "obex", attribute: "Other") == .noSuchClass)
        #expect(database.remove(id: obex) == true)
        #expect(database.remove(id: obex) == false)
        #expect(database.remove(id: IASDatabase.deviceObjectID) == false)
        #expect(try database.add(className: "OBEX", attributes: []) == 3)
        #expect(database.objects(className: "OBEX").map(\.id) == [2, 3])
        #expect(database.remove(id: 3) == true)
        #expect(try database.add(className: "OBEX", attributes: []) == 4)
    }

    @Test("Several objects of a class give several entries")
    func severalEntries() throws {
        var database = IASDatabase(deviceName: "x")
        for number in 1...3 {
            _ = try database.add(
                className: "C", attributes: [IASAttribute(name: "A", value: .integer(Int32(number)))])
        }
        #expect(
            database.values(className: "C", attribute: "A")
                == .success((1...3).map { IASEntry(objectID: UInt16($0), value: .integer(Int32($0))) }))
    }

    @Test("Attributes of an object")
    func attributes() throws {
        var database = IASDatabase(deviceName: "x")
        let id = try database.add(className: "C", attributes: [])
        let attribute = IASAttribute(name: "A", value: .integer(-1))
        try database.addAttribute(attribute, to: id)
        #expect(
            refusal { () throws(IASError) in try database.addAttribute(attribute, to: id) } == .duplicateAttribute("A"))
        #expect(refusal { () throws(IASError) in try database.addAttribute(attribute, to: 99) } == .noSuchObject(99))
        #expect(database.object(id: id)?.value(of: "A") == .integer(-1))
        #expect(database.removeAttribute("A", from: id) == true)
        #expect(database.removeAttribute("A", from: id) == false)
        #expect(database.removeAttribute("A", from: 99) == false)
        #expect(database.values(className: "C", attribute: "A") == .noSuchAttribute)
    }

    @Test("Limits", arguments: ExcessiveObject.all)
    func limits(_ object: ExcessiveObject) {
        var database = IASDatabase(deviceName: "x")
        let before = database
        let refused = refusal { () throws(IASError) in
            _ = try database.add(className: object.className, attributes: object.attributes)
        }
        #expect(refused == object.error)
        #expect(database == before)
    }

    @Test("What just fits")
    func withinLimits() throws {
        var database = IASDatabase(deviceName: "x")
        let attributes =
            [
                IASAttribute(name: "octets", value: .octets([UInt8](repeating: 0, count: 1024))),
                IASAttribute(
                    name: "text",
                    value: .string(IASString(characterSet: .latin(2), bytes: [UInt8](repeating: 65, count: 255)))),
            ] + (0..<253).map { IASAttribute(name: IASName("A\($0)"), value: .missing) }
        let id = try database.add(className: IASName(String(repeating: "c", count: 60)), attributes: attributes)
        let extra = IASAttribute(name: "extra", value: .missing)
        #expect(refusal { () throws(IASError) in try database.addAttribute(extra, to: id) } == .tooManyAttributes)
    }

    @Test("Names are bytes, not text")
    func names() {
        #expect(IASName("caf\u{E9}") != IASName("cafe\u{301}"))
        #expect(IASName(bytes: [0xFF, 0x41]).description == "\u{FFFD}A")
        #expect(IASName("Device").bytes == Array("Device".utf8))
    }

    @Test(
        "Values on the wire",
        arguments: [
            (.missing, "00"), (.integer(0x12), "01 00 00 00 12"), (.integer(-2), "01 FF FF FF FE"),
            (.integer(.min), "01 80 00 00 00"), (.octets([]), "02 00 00"),
            (.octets([0, 1, 6, 1, 1, 1]), "02 00 06 00 01 06 01 01 01"),
            (.string(IASString("Printer-B")), "03 00 09 \"Printer-B\""),
            (.string(IASString("é")), "03 01 01 E9"), (.string(IASString("Ω")), "03 FF 02 03 A9"),
        ] as [(IASValue, String)])
    func values(_ value: IASValue, _ bytes: String) {
        #expect(value.bytes == hex(bytes))
        #expect(IASValue(bytes: hex(bytes)) == value)
        #expect(IASValue(bytes: hex(bytes) + [0x77]) == value)
        for length in 0..<hex(bytes).count {
            #expect(IASValue(bytes: Array(hex(bytes).prefix(length))) == nil, "\(length) bytes")
        }
    }

    @Test("Values that are refused or cut")
    func valueLimits() {
        #expect(IASValue(bytes: hex("04 00")) == nil)
        #expect(IASValue(bytes: hex("02 04 01") + [UInt8](repeating: 0, count: 1025)) == nil)
        let most = IASValue.octets([UInt8](repeating: 7, count: 1024))
        #expect(IASValue(bytes: most.bytes) == most)
        #expect(IASValue.octets([UInt8](repeating: 7, count: 2000)).bytes == most.bytes)
        let text = IASString(characterSet: .ascii, bytes: [UInt8](repeating: 65, count: 300))
        #expect(IASValue.string(text).bytes.count == 258)
        #expect(IASString("Zoë").text == "Zoë")
    }
}
