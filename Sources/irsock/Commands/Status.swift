import ArgumentParser
import IrDAProtocol
import IrDAService

struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show how a shared station stands: its link, devices, sockets and counters.",
        discussion: "The station is one of irsock serve or irsock simulate. Exit code 1 says that no service answers.")

    @OptionGroup var service: ServiceOptions
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        let status = try service.client().status()
        if json {
            try printJSON(Report(status))
        } else {
            print(Self.text(Report(status)))
        }
    }

    private static func text(_ report: Report) -> String {
        var parts = [
            Table(
                headings: ["STATION", "ADDRESS", "MEDIUM", "PROGRAMS", "LINK"],
                rows: [
                    [report.station, report.address, report.medium, "\(report.programs)", report.link?.text ?? "none"]
                ]
            ).description
        ]
        if let trouble = report.trouble { parts.append("The port cannot be used: \(trouble).") }
        if !report.devices.isEmpty {
            parts.append(
                Table(
                    headings: ["DEVICE", "NAME", "SEEN"],
                    rows: report.devices.map { [$0.address, $0.name, "\($0.seconds) s ago"] }
                ).description)
        }
        if !report.sockets.isEmpty {
            parts.append(
                Table(
                    headings: ["SOCKET", "PROCESS", "TYPE", "STATE", "LOCAL", "PEER", "RECEIVED", "SENT"],
                    rows: report.sockets.map {
                        [
                            "\($0.id)", "\($0.process)", $0.type, $0.state, $0.local, $0.peer ?? "", "\($0.received)",
                            "\($0.sent)",
                        ]
                    }
                ).description)
        }
        parts.append(
            Table(
                headings: ["COUNTER", "VALUE"], rows: report.counters.map { [$0.name, "\($0.value)"] }
            ).description)
        return parts.joined(separator: "\n\n")
    }

    /// The status in words, for people and for machines.
    private struct Report: Encodable {
        struct Link: Encodable {
            let peer: String
            let role: String
            let rate: UInt32
            let dataSize: UInt16
            let window: UInt8

            var text: String { "\(role) of \(peer), \(rate) bit/s, \(window) frames of \(dataSize) bytes" }
        }

        struct Device: Encodable {
            let address: String
            let name: String
            let seconds: UInt32
        }

        struct Socket: Encodable {
            let id: UInt64
            let process: Int32
            let type: String
            let state: String
            let local: String
            let peer: String?
            let received: UInt64
            let sent: UInt64
        }

        struct Counter: Encodable {
            let name: String
            let value: UInt64
        }

        let station: String
        let address: String
        let medium: String
        let trouble: String?
        let programs: UInt32
        let link: Link?
        let devices: [Device]
        let sockets: [Socket]
        let counters: [Counter]

        init(_ status: ServiceStatus) {
            station = status.identity.station
            address = DeviceAddress(rawValue: status.identity.address).description
            medium = status.identity.medium
            trouble = status.trouble.isEmpty ? nil : status.trouble
            programs = status.clients
            link = status.link.map { link in
                Link(
                    peer: DeviceAddress(rawValue: link.peer).description, role: link.role, rate: link.rate,
                    dataSize: link.dataSize, window: link.window)
            }
            devices = status.devices.map { device in
                Device(
                    address: DeviceAddress(rawValue: device.address).description,
                    name: String(decoding: device.name, as: UTF8.self), seconds: device.age / 1000)
            }
            sockets = status.sockets.map { socket in
                Socket(
                    id: socket.id.rawValue, process: socket.process, type: socket.kind.word, state: socket.state,
                    local: socket.names.local.text, peer: socket.names.peer?.fullText, received: socket.received,
                    sent: socket.sent)
            }
            counters = status.counters.map { Counter(name: $0.name, value: $0.value) }
        }
    }
}

extension ServiceSocketKind {
    fileprivate var word: String {
        switch self {
        case .stream: "stream"
        case .sequencedPacket: "seqpacket"
        case .unitdata: "unitdata"
        case .ultra: "ultra"
        }
    }
}

extension ServiceSocketNames.End {
    /// The service alone.
    fileprivate var text: String {
        switch target {
        case .name(let name): String(decoding: name, as: UTF8.self)
        case .selector(let selector): "lsap:\(selector)"
        case .unspecified: selector == 0 ? "" : "lsap:\(selector)"
        }
    }

    /// The device and the service.
    fileprivate var fullText: String { "\(DeviceAddress(rawValue: device))" + (text.isEmpty ? "" : "/\(text)") }
}
