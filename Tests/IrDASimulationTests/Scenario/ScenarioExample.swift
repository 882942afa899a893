import Glibc
import IrDAProtocol
import IrDASimulation

/// The example of docs/scenarios.md, as it stands there and in code.
enum ScenarioExample {
    static let scenario: Scenario = {
        var local = NegotiationParameters.standard
        local.windowSize = 1
        var phone = NegotiationParameters.standard
        phone.baudRates = [.rate9600, .rate19200, .rate38400, .rate57600]
        phone.dataSize = .bytes512
        phone.additionalBOFs = .bofs12
        phone.minimumTurnaround = .us500
        phone.maximumTurnaround = .ms250
        phone.disconnectTimes = [.s3, .s8, .s12]
        return Scenario(
            range: 1, bitErrorRate: 1e-5, seed: 42,
            station: Scenario.Station(name: "Laptop", hints: [.computer, .obex], parameters: local),
            devices: [
                Scenario.Device(
                    name: "Phone", address: DeviceAddress(rawValue: 0x9ABC_DEF1), hints: [.telephony, .obex],
                    position: Position(x: 0.4, y: 0.2), parameters: phone,
                    services: [
                        Scenario.Service(
                            className: "Echo", selector: LSAPSelector(rawValue: 0x12), behaviour: .echo,
                            attributes: [
                                IASAttribute(name: "Version", value: .integer(1)),
                                IASAttribute(name: "Note", value: .string(IASString("7"))),
                                IASAttribute(name: "Data", value: .octets([1, 2, 255])),
                                IASAttribute(name: "Nothing", value: .missing),
                            ]),
                        Scenario.Service(
                            className: nil, selector: LSAPSelector(rawValue: 0x20),
                            behaviour: .program("sed -u s/^/got:/")),
                    ]),
                Scenario.Device(
                    name: "Dive Computer", position: Position(x: 0.3),
                    services: [Scenario.Service(className: "DiveLog", behaviour: .source(bytes: 65536))],
                    objects: [
                        Scenario.Object(
                            className: "PnP",
                            attributes: [IASAttribute(name: "Manufacturer", value: .string(IASString("IrSock")))])
                    ]),
            ],
            faults: ["lose 1", "delay 20 Phone"].compactMap { try? Fault($0) })
    }()

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// docs/scenarios.md.
    static func page(testFile: String = #filePath) throws -> String {
        let root = testFile.split(separator: "/", omittingEmptySubsequences: false).dropLast(4).joined(separator: "/")
        let path = root + "/docs/scenarios.md"
        guard let file = fopen(path, "r") else { throw Failure(description: "\(path) cannot be opened") }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        while case let byte = getc(file), byte != EOF { bytes.append(UInt8(truncatingIfNeeded: byte)) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The first YAML block of the page.
    static func text() throws -> String {
        let lines = try page().split(separator: "\n", omittingEmptySubsequences: false)
        guard let start = lines.firstIndex(of: "```yaml"), let end = lines[start...].firstIndex(of: "```") else {
            throw Failure(description: "docs/scenarios.md has no block that begins with ```yaml")
        }
        return lines[(start + 1)..<end].joined(separator: "\n")
    }

    /// The path of a file with the example.
    static func temporaryFile() throws -> String {
        var path = Array("/tmp/irsock-scenario-XXXXXX".utf8CString)
        let descriptor = mkstemp(&path)
        guard descriptor >= 0 else { throw Failure(description: "no temporary file: errno \(errno)") }
        defer { close(descriptor) }
        let bytes = Array(try text().utf8)
        guard write(descriptor, bytes, bytes.count) == bytes.count else {
            throw Failure(description: "the temporary file could not be written: errno \(errno)")
        }
        return String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// The text of the error that something throws; nil if it throws none.
func errorMessage(_ body: () throws -> some Any) -> String? {
    do {
        _ = try body()
        return nil
    } catch {
        return "\(error)"
    }
}
