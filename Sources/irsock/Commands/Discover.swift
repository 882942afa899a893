import ArgumentParser
import IrDABackend
import IrDAProtocol
import SocketBackends
import Winsock

struct Discover: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the infrared devices in range.",
        discussion:
            "Takes about a second on a real medium: half a second of listening, then a discovery with six slots.")

    @OptionGroup var simulation: SimulationOptions
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        try Session.run(simulation) { session in
            let devices = try session.discover()
            if json {
                try printJSON(devices.map(Row.init))
            } else if devices.isEmpty {
                note("No infrared device is in range.")
            } else {
                print(Table(headings: ["ADDRESS", "NAME", "HINTS"], rows: devices.map(Row.init).map(\.cells)))
            }
        }
    }

    private struct Row: Encodable {
        let address: String
        let name: String
        let hints: [String]

        init(_ device: IrDADevice) {
            address = device.id.description
            name = device.name
            hints = device.hintNames
        }

        var cells: [String] { [address, name, hints.joined(separator: ", ")] }
    }
}

extension IrDADevice {
    /// The words for what it says that it can do.
    var hintNames: [String] { ServiceHints(rawValue: UInt32(hints)).names }
}

extension Session {
    /// Looks for infrared devices as a Winsock program does (rule R52).
    func discover() throws(SocketError) -> [IrDADevice] {
        try withInfraredSocket { socket throws(SocketError) in
            let room = [UInt8](repeating: 0, count: 4096)
            return try DeviceList.devices(in: winsock.option(.irlmpEnumDevices, of: socket, buffer: room))
        }
    }

    /// Asks a device's information base as a Winsock program does.
    func query(_ attribute: String, of className: String, at device: IrDADeviceID) throws(SocketError) -> IASAnswer {
        try withInfraredSocket { socket throws(SocketError) in
            let question = IASQueryBlock(device: device, className: className, attribute: attribute)
            return try IASQueryBlock.answer(in: winsock.option(.irlmpIASQuery, of: socket, buffer: question.bytes))
        }
    }

    private func withInfraredSocket<Result>(
        _ body: (SocketHandle) throws(SocketError) -> Result
    ) throws(SocketError) -> Result {
        let socket = try winsock.socket(family: .irda, type: .stream)
        defer { try? winsock.closeSocket(socket) }
        return try body(socket)
    }
}
