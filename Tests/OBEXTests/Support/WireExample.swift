@testable import OBEX
import Testing

/// A packet on the line and what it means.
struct WireExample: Sendable, CustomTestStringConvertible {
    enum Meaning: Hashable, Sendable {
        case request(OBEXRequest)
        case response(OBEXResponse)
        case connectResponse(OBEXResponse)

        var bytes: [UInt8] {
            switch self {
            case .request(let request): request.bytes
            case .response(let response), .connectResponse(let response): response.bytes
            }
        }

        /// What these bytes mean, read in the same place.
        func reread(_ bytes: [UInt8]) throws(OBEXPacketError) -> Meaning {
            switch self {
            case .request: .request(try OBEXRequest(packet: bytes))
            case .response: .response(try OBEXResponse(packet: bytes, answersConnect: false))
            case .connectResponse: .connectResponse(try OBEXResponse(packet: bytes, answersConnect: true))
            }
        }
    }

    let name: String
    let bytes: [UInt8]
    let meaning: Meaning

    var testDescription: String { name }

    private init(_ name: String, _ bytes: String, _ meaning: Meaning) {
        self.name = name
        self.bytes = hex(bytes)
        self.meaning = meaning
    }

    private init(_ name: String, _ bytes: String, _ request: OBEXRequest) {
        self.init(name, bytes, .request(request))
    }

    static let folderBrowsing = hex("F9 EC 7B C4 95 3C 11 D2 98 4E 52 54 00 DC 9E 09")
    static let helloName = "00 68 00 65 00 6C 00 6C 00 6F 00 2E 00 74 00 78 00 74 00 00"
    private static let vCard = Array("BEGIN:VCARD\r\nEND:VCARD\r\n".utf8)
    private static let digest = hex("41 35 91 A7 C6 34 C8 96 2C 2E 0F B8 CD 93 DD A5")
    private static let nonce = hex("33 0D 36 38 72 7D F6 83 9F 13 C3 C6 71 FC 92 A0")
    private static let session = "39 12 4C A6 4B E5 17 99 D6 2A BF FB D4 6F AD DD"

    private static func fields(_ maximum: UInt16) -> OBEXConnectFields {
        OBEXConnectFields(maximumPacketLength: maximum)
    }

    private static func bytes(_ id: OBEXHeaderID, _ text: String) -> OBEXHeaders {
        OBEXHeaders(OBEXHeader(id, bytes: hex(text)).map { [$0] } ?? [])
    }

    static let all = connecting + putting + getting + folders + ending + authentication + sessions

    private static let connecting = [
        WireExample("E01", "80 00 07 10 00 20 00", .connect(fields(8192), [])),
        WireExample(
            "E02", "A0 00 07 10 00 04 00", .connectResponse(OBEXResponse(.success, connectFields: fields(1024)))),
        WireExample(
            "E26", "D3 00 07 10 00 04 00",
            .connectResponse(OBEXResponse(.serviceUnavailable, connectFields: fields(1024)))),
        WireExample("a bare refusal", "C3 00 03", .connectResponse(OBEXResponse(.forbidden))),
        WireExample(
            "E15", "80 00 1A 10 00 20 00 46 00 13 F9 EC 7B C4 95 3C 11 D2 98 4E 52 54 00 DC 9E 09",
            .connect(fields(8192), [.target(folderBrowsing)])),
        WireExample(
            "E16",
            "A0 00 1F 10 00 04 00 CB 00 00 00 01 4A 00 13 F9 EC 7B C4 95 3C 11 D2 98 4E 52 54 00 DC 9E 09",
            .connectResponse(
                OBEXResponse(
                    .success, connectFields: fields(1024), [.connectionID(1), .who(folderBrowsing)]))),
    ]

    private static let putting = [
        WireExample(
            "E03", "82 00 27 01 00 17 \(helloName) C3 00 00 00 05 49 00 08 68 65 6C 6C 6F",
            .put(isFinal: true, [.name("hello.txt"), .length(5), .endOfBody(Array("hello".utf8))])),
        WireExample("E04", "A0 00 03", .response(OBEXResponse(.success))),
        WireExample(
            "E05", "02 00 1F 01 00 17 \(helloName) C3 00 00 00 05",
            .put(isFinal: false, [.name("hello.txt"), .length(5)])),
        WireExample("E06", "90 00 03", .response(OBEXResponse(.continue))),
        WireExample(
            "E07", "02 00 0B 48 00 08 68 65 6C 6C 6F", .put(isFinal: false, [.body(Array("hello".utf8))])),
        WireExample("E08", "82 00 06 49 00 03", .put(isFinal: true, [.endOfBody([])])),
        WireExample(
            "E09", "82 00 16 01 00 13 00 6F 00 6C 00 64 00 2E 00 74 00 78 00 74 00 00",
            .put(isFinal: true, [.name("old.txt")])),
        WireExample(
            "E10", "82 00 1D 01 00 17 00 65 00 6D 00 70 00 74 00 79 00 2E 00 74 00 78 00 74 00 00 49 00 03",
            .put(isFinal: true, [.name("empty.txt"), .endOfBody([])])),
        WireExample(
            "E35, the time in UTC", "82 00 16 44 00 13 32 30 30 30 30 33 31 30 54 31 32 30 30 30 30 5A",
            .put(isFinal: true, [.time("20000310T120000Z")])),
        WireExample(
            "E36, the time in its old form", "82 00 08 C4 38 C8 E3 C0",
            .put(isFinal: true, OBEXHeaders(OBEXHeader(.oldTime, number: 952_689_600).map { [$0] } ?? []))),
        WireExample(
            "E37 behind Ultra's two bytes",
            """
            82 00 2D 01 00 0F 00 61 00 2E 00 76 00 63 00 66 00 00 49 00 1B
            42 45 47 49 4E 3A 56 43 41 52 44 0D 0A 45 4E 44 3A 56 43 41 52 44 0D 0A
            """,
            .put(isFinal: true, [.name("a.vcf"), .endOfBody(vCard)])),
    ]

    private static let getting = [
        WireExample(
            "E11", "83 00 16 01 00 03 42 00 10 74 65 78 74 2F 78 2D 76 43 61 72 64 00",
            .get(isFinal: true, [.name(""), .type("text/x-vCard")])),
        WireExample(
            "E12",
            "A0 00 23 C3 00 00 00 18 49 00 1B 42 45 47 49 4E 3A 56 43 41 52 44 0D 0A 45 4E 44 3A 56 43 41 52 44 0D 0A",
            .response(OBEXResponse(.success, [.length(24), .endOfBody(vCard)]))),
        WireExample(
            "E13", "83 00 18 42 00 15 78 2D 6F 62 65 78 2F 63 61 70 61 62 69 6C 69 74 79 00",
            .get(isFinal: true, [.type("x-obex/capability")])),
        WireExample("E14", "83 00 03", .get(isFinal: true, [])),
        WireExample(
            "E17",
            """
            83 00 24 CB 00 00 00 01 01 00 03 42 00 19
            78 2D 6F 62 65 78 2F 66 6F 6C 64 65 72 2D 6C 69 73 74 69 6E 67 00
            """,
            .get(isFinal: true, [.connectionID(1), .name(""), .type("x-obex/folder-listing")])),
    ]

    private static let folders = [
        WireExample(
            "E18", "85 00 17 02 00 CB 00 00 00 01 01 00 0D 00 70 00 69 00 63 00 73 00 00",
            .setPath(.doNotCreate, [.connectionID(1), .name("pics")])),
        WireExample("E19", "85 00 12 00 00 01 00 0D 00 70 00 69 00 63 00 73 00 00", .setPath([], [.name("pics")])),
        WireExample("E20", "85 00 05 03 00", .setPath([.up, .doNotCreate], [])),
        WireExample("E21", "85 00 08 02 00 01 00 03", .setPath(.doNotCreate, [.name("")])),
    ]

    private static let ending = [
        WireExample("E22", "FF 00 03", .abort([])),
        WireExample("E23", "81 00 08 CB 00 00 00 01", .disconnect([.connectionID(1)])),
        WireExample("E24", "81 00 03", .disconnect([])),
        WireExample(
            "E25", "C3 00 0C 05 00 09 00 6E 00 6F 00 00", .response(OBEXResponse(.forbidden, [.description("no")]))),
    ]

    private static let authentication = [
        WireExample(
            "E27", "C1 00 1F 10 00 04 00 4D 00 18 00 10 \(trace(nonce)) 01 01 00",
            .connectResponse(
                OBEXResponse(
                    .unauthorized, connectFields: fields(1024),
                    bytes(.authenticateChallenge, "00 10 \(trace(nonce)) 01 01 00")))),
        WireExample(
            "E28", "80 00 1C 10 00 20 00 4E 00 15 00 10 \(trace(digest))",
            .connect(fields(8192), bytes(.authenticateResponse, "00 10 \(trace(digest))"))),
    ]

    private static let sessions = [
        WireExample(
            "E29", "87 00 15 52 00 12 05 01 00 00 04 12 34 56 78 01 04 00 00 00 01",
            .session(bytes(.sessionParameters, "05 01 00 00 04 12 34 56 78 01 04 00 00 00 01"))),
        WireExample(
            "E30", "A0 00 24 52 00 21 00 04 9A BC DE F1 01 04 00 00 00 0A 02 10 \(session)",
            .response(
                OBEXResponse(
                    .success, bytes(.sessionParameters, "00 04 9A BC DE F1 01 04 00 00 00 0A 02 10 \(session)")))),
        WireExample(
            "E31", "87 00 09 52 00 06 05 01 02", .session(bytes(.sessionParameters, "05 01 02"))),
        WireExample(
            "E32", "87 00 27 52 00 24 05 01 03 00 04 12 34 56 78 01 04 00 00 00 01 02 10 \(session)",
            .session(
                bytes(.sessionParameters, "05 01 03 00 04 12 34 56 78 01 04 00 00 00 01 02 10 \(session)"))),
        WireExample(
            "E33", "A0 00 27 52 00 24 00 04 9A BC DE F1 01 04 00 00 00 0A 02 10 \(session) 03 01 05",
            .response(
                OBEXResponse(
                    .success,
                    bytes(.sessionParameters, "00 04 9A BC DE F1 01 04 00 00 00 0A 02 10 \(session) 03 01 05")))),
        WireExample(
            "E34", "87 00 1B 52 00 18 05 01 01 02 10 \(session)",
            .session(bytes(.sessionParameters, "05 01 01 02 10 \(session)"))),
    ]
}
