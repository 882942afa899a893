import ArgumentParser
import IrDAProtocol
import IrDASimulation
import SystemPackage

/// Named apart from the `Timeline` that it shows.
struct TimelineCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "timeline",
        abstract: "Show who had the light when, from a capture.",
        discussion: """
            Captures are what --capture writes, or any pcap of infrared frames (link type 144). How long a frame took follows \
            from its length and from the rate, which the connection set-up in the capture tells. "us" is the station that \
            captured.

            EXAMPLES:
              irsock discover --simulate --capture room.pcap
              irsock timeline room.pcap
              irsock timeline room.pcap --svg room.svg
              irsock timeline room.pcap --from 1.5 --for 0.5
            """)

    @Argument(help: ArgumentHelp("The capture.", valueName: "capture")) var capture: String
    @Option(help: ArgumentHelp("Draw it there as SVG, instead of the text; '-' is standard output.", valueName: "file"))
    var svg: String?
    @Option(help: ArgumentHelp("How many milliseconds a row of the picture shows.", valueName: "ms")) var row = 500.0
    @Option(help: ArgumentHelp("Begin so many seconds behind the first frame.", valueName: "s")) var from = 0.0
    @Option(name: .customLong("for"), help: ArgumentHelp("Show only so many seconds.", valueName: "s"))
    var length: Double?
    @Flag(help: "Print JSON.") var json = false

    /// Times beyond this are no times of a capture.
    private static let longest = 1e9

    func validate() throws {
        if !(row >= 1 && row < Self.longest) { throw ValidationError("--row must be at least 1 ms.") }
        if !(from >= 0 && from < Self.longest) { throw ValidationError("--from must not be negative.") }
        if let length, !(length > 0 && length < Self.longest) { throw ValidationError("--for must be more than 0.") }
        if svg != nil && json { throw ValidationError("--svg and --json exclude each other.") }
    }

    func run() throws {
        let bytes = try InputFile.read(capture)
        let contents: CaptureReader.Contents
        do throws(CaptureReadError) {
            contents = try CaptureReader.read(bytes)
        } catch {
            throw Failure("cannot read '\(capture)': \(error).")
        }
        if contents.isCutShort { note("The last frame of '\(capture)' is not whole; the others are shown.") }
        let all = Timeline(contents.frames)
        let start = (all.lights.first?.start ?? .start).advanced(by: .seconds(from))
        let end = length.map { start.advanced(by: .seconds($0)) } ?? IrDAInstant(nanoseconds: .max)
        let timeline = all.part(from: start, to: end)
        if let svg {
            try write(TimelineDrawing(timeline, row: .milliseconds(row)).svg, to: svg)
        } else if json {
            try printJSON(Document(timeline, from: all.lights.first?.start ?? .start))
        } else {
            printText(timeline, from: all.lights.first?.start ?? .start)
        }
    }

    private func write(_ svg: String, to path: String) throws {
        guard path != "-" else {
            print(svg, terminator: "")
            return
        }
        do {
            let descriptor = try FileDescriptor.open(
                FilePath(path), .writeOnly, options: [.create, .truncate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
            try descriptor.closeAfter { _ = try descriptor.writeAll(svg.utf8) }
        } catch let error as Errno {
            throw Failure("cannot write '\(path)': \(error).")
        }
    }

    private func printText(_ timeline: Timeline, from start: IrDAInstant) {
        var previousEnd: IrDAInstant?
        let rows = timeline.lights.map { light in
            let gap = previousEnd.map { $0.duration(to: light.start) / .milliseconds(1) }
            previousEnd = max(previousEnd ?? light.end, light.end)
            let isOurs = light.direction == .sent
            let text = light.text + (light.isRepeated ? " (again)" : "")
            return [
                (start.duration(to: light.start) / .seconds(1)).text(decimals: 4), gap?.text(decimals: 2) ?? "",
                (light.duration / .milliseconds(1)).text(decimals: 2), "\(light.rate)", isOurs ? "us >" : "  < peer",
                text,
            ]
        }
        print(Table(headings: ["SECONDS", "DARK ms", "LIGHT ms", "BIT/S", "WHO", "FRAME"], rows: rows))
        let summary = timeline.summary
        let time = max(summary.time, .nanoseconds(1))
        print(
            """

            \((summary.time / .seconds(1)).text(decimals: 3)) s: the light was ours for \
            \((summary.ours / time * 100).text(decimals: 1)) %, the peer's for \
            \((summary.theirs / time * 100).text(decimals: 1)) %.
            \(summary.sent) frames sent, \(summary.received) received, \(summary.repeated) I frames sent again; \
            \(summary.informationBytes) bytes of information.
            """)
    }

    private struct Document: Encodable {
        struct Light: Encodable {
            let seconds: Double
            let milliseconds: Double
            let bitsPerSecond: Int
            let isOurs: Bool
            let isRepeated: Bool
            let frame: String
            let bytes: Int
        }

        let lights: [Light]
        let seconds: Double
        let ourLightSeconds: Double
        let peersLightSeconds: Double
        let framesSent: Int
        let framesReceived: Int
        let framesRepeated: Int
        let informationBytes: Int

        init(_ timeline: Timeline, from start: IrDAInstant) {
            lights = timeline.lights.map { light in
                Light(
                    seconds: start.duration(to: light.start) / .seconds(1),
                    milliseconds: light.duration / .milliseconds(1), bitsPerSecond: light.rate.bitsPerSecond,
                    isOurs: light.direction == .sent, isRepeated: light.isRepeated, frame: light.text,
                    bytes: light.bytes.count)
            }
            let summary = timeline.summary
            seconds = summary.time / .seconds(1)
            ourLightSeconds = summary.ours / .seconds(1)
            peersLightSeconds = summary.theirs / .seconds(1)
            (framesSent, framesReceived, framesRepeated) = (summary.sent, summary.received, summary.repeated)
            informationBytes = summary.informationBytes
        }
    }
}

extension Double {
    /// A decimal number with so many places.
    fileprivate func text(decimals: Int) -> String {
        guard isFinite, magnitude < 1e12 else { return "\(self)" }
        let scale = (0..<decimals).reduce(1) { scale, _ in scale * 10 }
        let whole = Int((magnitude * Double(scale)).rounded())
        let fraction = String(whole % scale)
        let places = decimals == 0 ? "" : "." + String(repeating: "0", count: decimals - fraction.count) + fraction
        return (self < 0 && whole > 0 ? "-" : "") + "\(whole / scale)" + places
    }
}
