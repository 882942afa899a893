import ArgumentParser
import IrDABackend
import IrDAStation
import SocketBackends
import SystemPackage
import Winsock

struct Demo: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Do the main job on simulated infrared: find a device, connect, move a file there and back, check it.",
        discussion: """
            No hardware is needed; the protocol stacks at both ends are the real ones. The times are those of the medium: \
            what it would take on real infrared at up to 115200 bit/s.
            """)

    @Argument(help: "The file that makes the trip.", completion: .file()) var file: String
    @Option(help: ArgumentHelp("The service that sends everything back.", valueName: "device/service"))
    var to = "Phone/Echo"
    @Option(help: ArgumentHelp("The room to simulate instead of the built-in one.", valueName: "file"))
    var scenario: String?
    @Option(help: ArgumentHelp("What all that is random follows from.", valueName: "n")) var seed: UInt64?
    @Option(help: ArgumentHelp("Where the capture for Wireshark goes.", valueName: "file"))
    var capture = "irsock-demo.pcap"
    @Option(help: ArgumentHelp("How fast simulated time runs; 1 is real time.", valueName: "factor"))
    var speed = SpeedArgument(speed: .maximum)

    func validate() throws {
        _ = try Journey(to: to, bytes: [], file: file)
    }

    func run() throws {
        let bytes = try InputFile.read(file)
        let start = ContinuousClock.now
        try Session.run(simulationOptions()) { session in
            var story = Story(session)
            try Journey(to: to, bytes: bytes, file: file).make(in: session, telling: &story)
        }
        let took = (ContinuousClock.now - start).text
        print("\nAll of it took \(took) s on this machine. The capture is in \(capture); look at it with")
        print("    wireshark \(capture)      or      tshark -r \(capture)")
    }

    private func simulationOptions() throws -> SimulationOptions {
        // Parsed, or what is not set below would have no value at all.
        var options = try SimulationOptions.parse([])
        options.simulate = scenario == nil
        options.scenario = scenario
        options.seed = seed
        options.capture = capture
        options.speed = speed
        return options
    }
}

/// The demonstration, step by step.
private struct Journey {
    let device: String
    let service: String
    let bytes: [UInt8]
    let file: String

    init(to text: String, bytes: [UInt8], file: String) throws {
        guard let slash = text.lastIndex(of: "/"), slash != text.startIndex, text.last != "/" else {
            throw ValidationError("--to takes DEVICE/SERVICE, as in Phone/Echo.")
        }
        device = String(text[..<slash])
        service = String(text[text.index(after: slash)...])
        self.bytes = bytes
        self.file = file
    }

    func make(in session: Session, telling story: inout Story) throws {
        story.tell(
            "A computer listens for half a second whether anybody is using infrared light here, then looks around.")
        let devices = try session.discover()
        story.tell("\(devices.count == 1 ? "One device answers" : "\(devices.count) devices answer"):")
        for device in devices {
            story.add(
                "\(device.name), \(device.id)"
                    + (device.hintNames.isEmpty ? "" : " (\(device.hintNames.joined(separator: ", ")))"))
        }
        // Not by another discovery, unless the name needs one.
        let id = try devices.first { $0.name == device }?.id ?? session.infraredDevice(named: device)
        story.tell("\(device) sets up a link and is asked what it offers (IAS):")
        for (className, attribute) in [("Device", "DeviceName"), (service, "IrDA:TinyTP:LsapSel")] {
            story.add("\(className), \(attribute): \(Self.text(try session.query(attribute, of: className, at: id)))")
        }

        let winsock = session.winsock
        let address = IrDAAddress(device: id, service: .name(service)).socketAddress
        let socket = try winsock.socket(family: .irda, type: .stream)
        story.tell("The registry has made a socket of AF_IRDA; it connects to \(winsock.describe(address)).")
        try winsock.connect(socket, to: address)
        story.tell("Connected. \(file) (\(bytes.count) bytes) goes there and comes back.")
        let before = try story.now
        var exchange = Exchange(session, socket: socket, bytes: bytes)
        let returned = try exchange.run()
        try winsock.closeSocket(socket)
        guard returned == bytes else {
            throw Failure(
                "\(file) came back different: \(returned.count) bytes, the first difference at "
                    + "\(zip(returned, bytes).enumerated().first { $1.0 != $1.1 }?.offset ?? min(returned.count, bytes.count))."
            )
        }
        let seconds = (try story.now - before).inSeconds
        let rate = bytes.isEmpty ? "" : ", \(Int(Double(bytes.count) / seconds)) bytes/s in each direction"
        story.tell("It is back, every byte the same\(rate). The link is given up.")
    }

    private static func text(_ answer: IASAnswer) -> String {
        switch answer {
        case .noSuchClass: "no such class"
        case .noSuchAttribute: "no such attribute"
        case .integer(let number): "\(number)"
        case .octets(let octets): "\(octets.count) octets"
        case .string(let text, _): "'\(String(decoding: text, as: UTF8.self))'"
        }
    }
}

/// Tells what happens, with the time on the medium.
private struct Story {
    private let session: Session

    init(_ session: Session) {
        self.session = session
    }

    var now: Duration {
        get throws { try session.host?.elapsed ?? .zero }
    }

    func tell(_ sentence: String) {
        let time = ((try? now) ?? .zero).text
        print(String(repeating: " ", count: max(0, 7 - time.count)) + "\(time) s  \(sentence)")
    }

    func add(_ line: String) {
        print(String(repeating: " ", count: 13) + line)
    }
}
