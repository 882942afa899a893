import Glibc
import IrDAProtocol
import IrDASimulation
import Testing

/// Captures, and who had the light when in them.
@Suite struct TimelineTests {
    /// A whole session between two Linux kernels.
    private static func session(file: String = #filePath) throws -> [UInt8] {
        let root = file.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
        let path = "\(root)/IrDAProtocolTests/Fixtures/session.pcap"
        let stream = try #require(fopen(path, "r"), "\(path) is missing")
        defer { fclose(stream) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, stream)
        return Array(bytes.prefix(count))
    }

    @Test("A recording of others is read, and laid out at the rate that its set-up tells")
    func recording() throws {
        let contents = try CaptureReader.read(Self.session())
        #expect(contents.frames.count > 90 && !contents.isCutShort)
        let timeline = Timeline(contents.frames)
        #expect(timeline.lights.count == contents.frames.count)
        #expect(timeline.lights.first?.rate == .rate9600)
        #expect(timeline.lights.contains { $0.rate == .rate115200 })
        let summary = timeline.summary
        #expect(summary.sent > 0 && summary.received > 0 && summary.informationBytes > 6000)
    }

    @Test("Lights of a simulated session follow each other in the dark that the turn-around times ask for")
    func turnarounds() throws {
        var room = TwoStations(seed: 6)
        room.simulation.observedStation = room.computer
        _ = try room.simulation.offer(.echo, on: room.phone, className: "Echo")
        let connection = try room.connect(to: .service("Echo")).get()
        let bytes = [UInt8](repeating: 0x7D, count: 9000)
        #expect(room.exchange(bytes, expecting: bytes.count, on: connection) == bytes)
        let timeline = Timeline(room.simulation.takeObservedFrames())
        var previous: Timeline.Light?
        for light in timeline.lights {
            if let previous {
                #expect(light.start >= previous.end, "\(previous.text), then \(light.text)")
                let isTurn = previous.direction != light.direction && light.rate == .rate115200
                if isTurn && previous.rate == .rate115200 {
                    #expect(previous.end.duration(to: light.start) >= .milliseconds(10))
                }
            }
            previous = light
        }
        #expect(timeline.summary.repeated == 0)
        #expect(timeline.part(from: .start, to: .start).lights.isEmpty)
    }

    @Test("What is sent again is told apart")
    func repeated() throws {
        var room = TwoStations(seed: 7)
        room.simulation.observedStation = room.computer
        _ = try room.simulation.offer(.echo, on: room.phone, className: "Echo")
        let connection = try room.connect(to: .service("Echo")).get()
        room.simulation.add(MediumRule(.corrupt(bits: 1), to: .information, from: room.computer, limit: 1))
        #expect(room.exchange([1, 2, 3], expecting: 3, on: connection) == [1, 2, 3])
        #expect(Timeline(room.simulation.takeObservedFrames()).summary.repeated == 1)
    }

    @Test("A drawing has a place for every light, and is well formed")
    func drawing() throws {
        let timeline = Timeline(try CaptureReader.read(Self.session()).frames)
        let svg = TimelineDrawing(timeline, row: .seconds(5)).svg
        #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>\n"))
        #expect(svg.components(of: "<title>") >= timeline.lights.count)
        #expect(svg.components(of: "<title>") == svg.components(of: "</title></rect>"))
        #expect(TimelineDrawing(Timeline([]), row: .zero).svg.contains("</svg>"))
    }

    @Test("A capture that ends in the middle of a record gives what is whole", arguments: [1, 15, 16, 20])
    func cutShort(missing: Int) throws {
        let bytes = try Self.session()
        let whole = try CaptureReader.read(bytes)
        let part = try CaptureReader.read(Array(bytes.dropLast(missing)))
        #expect(part.isCutShort && part.frames == whole.frames.dropLast())
    }

    @Test("What is no such capture is named")
    func errors() {
        #expect(throws: CaptureReadError.noCapture) { try CaptureReader.read([]) }
        #expect(throws: CaptureReadError.noCapture) { try CaptureReader.read([UInt8](repeating: 1, count: 40)) }
        let pcapng = [0x0A, 0x0D, 0x0D, 0x0A] + [UInt8](repeating: 0, count: 40)
        #expect(throws: CaptureReadError.nextGeneration) { try CaptureReader.read(pcapng) }
        var ethernet: [UInt8] = [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0] + [UInt8](repeating: 0, count: 16)
        ethernet[20] = 1
        #expect(throws: CaptureReadError.otherLinkType(1)) { try CaptureReader.read(ethernet) }
        for error in [CaptureReadError.noCapture, .nextGeneration, .otherLinkType(1)] {
            #expect(!error.description.isEmpty)
        }
    }
}

extension String {
    /// How often a text is in it.
    fileprivate func components(of text: String) -> Int {
        var count = 0
        var rest = self[...]
        while let range = rest.firstRange(of: text) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}
