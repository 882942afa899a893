import IrDAProtocol

/// A kind of fault: how it is written, what it means, and the rules that make it.
struct FaultForm: Sendable {
    /// The number of a fault.
    struct Parameter: Sendable {
        let placeholder: String
        let meaning: String
        let range: ClosedRange<Double>

        static let percent = Parameter(placeholder: "PERCENT", meaning: "a percentage", range: 0...100)
        static let rate = Parameter(placeholder: "RATE", meaning: "a bit error rate", range: 0...1)
        static let milliseconds = Parameter(placeholder: "MS", meaning: "milliseconds", range: 0...10_000)
        static let interval = Parameter(placeholder: "MS", meaning: "milliseconds", range: 1...10_000)
        static let frames = Parameter(placeholder: "FRAMES", meaning: "a number of frames", range: 0...1_000_000)
    }

    let word: String
    let parameter: Parameter?
    let needsStation: Bool
    let meaning: String
    /// The rules, for a number and a station of a room.
    let rules: @Sendable (Double, StationID?, Simulation) -> [MediumRule]

    /// The form as a synopsis shows it.
    var usage: String {
        [word, parameter?.placeholder, needsStation ? "STATION" : "[STATION]"].compactMap { $0 }.joined(separator: " ")
    }

    /// All forms: first what happens to light, then how stations are.
    static let all: [FaultForm] = [
        FaultForm("block", "no light between the station, or anybody, and the others") { _, station in
            station.map { [MediumRule(.drop, from: $0), MediumRule(.drop, at: $0)] } ?? [MediumRule(.drop)]
        },
        FaultForm(station: "mute", "nothing that the station sends arrives") { _, station in
            [MediumRule(.drop, from: station)]
        },
        FaultForm(station: "blind", "nothing arrives at the station") { _, station in [MediumRule(.drop, at: station)]
        },
        FaultForm("lose", "so many of the frames to the station, or to anybody, vanish", .percent) { percent, station in
            [MediumRule(.drop, at: station, probability: percent / 100)]
        },
        FaultForm("corrupt", "so many of them arrive with a wrong bit", .percent) { percent, station in
            [MediumRule(.corrupt(bits: 1), at: station, probability: percent / 100)]
        },
        FaultForm("sunlight", "so many of the bits to the station arrive wrong", .rate) { rate, station in
            [MediumRule(.sunlight(bitErrorRate: rate), at: station)]
        },
        FaultForm("delay", "what the station sends leaves so much later", .milliseconds) { milliseconds, station in
            [MediumRule(.delay(.milliseconds(milliseconds)), from: station)]
        },
        FaultForm(station: "interrupt", "the station shines a few characters so often, out of turn", .interval) {
            milliseconds, station in
            let stray = MediumRule.Interference(interval: .milliseconds(milliseconds), bytes: [0xC0, 0x55, 0xAA])
            return [MediumRule(.interference(stray), from: station)]
        },
        FaultForm(station: "deaf", "the station hears nothing so soon after its own light", .milliseconds) {
            milliseconds, station in
            awkward(.isDeafAfterSending(.milliseconds(milliseconds)), station)
        },
        FaultForm(station: "stop", "the station falls silent for good after so many frames", .frames) {
            frames, station in
            awkward(.stops(afterFrames: Int(frames)), station)
        },
        FaultForm(station: "ignore-first-snrm", "it does not answer the first SNRM") { _, station in
            awkward(.ignoresFirstConnectionRequest, station)
        },
        FaultForm(station: "ignore-command-bit", "it takes a response for a command") { _, station in
            awkward(.ignoresCommandBit, station)
        },
        FaultForm(station: "leave-reply-early", "it forgets a discovery as soon as it has answered") { _, station in
            awkward(.leavesReplyEarly, station)
        },
        FaultForm(station: "busy", "it takes no data, and answers RNR") { _, station in awkward(.isBusy, station) },
        FaultForm(
            word: "never-refuse", parameter: nil, needsStation: true,
            meaning: "it never answers a connect to an LSAP that it does not have"
        ) { _, station, simulation in
            guard let station else { return [] }
            let selectors = simulation.stack(of: station).offeredSelectors
            return awkward(.neverRefuses(selectors: selectors), station)
        },
        FaultForm(station: "stray-frames", "it sends an empty frame behind every good one") { _, station in
            awkward(.sendsStrayFrames, station)
        },
        FaultForm(station: "smallest", "it announces frames of 64 bytes and a window of 1") { _, station in
            awkward(.announces(AwkwardBehaviour.smallest), station)
        },
    ]

    private static func awkward(_ behaviour: AwkwardBehaviour, _ station: StationID) -> [MediumRule] {
        behaviour.rules(of: station)
    }

    private init(
        word: String, parameter: Parameter?, needsStation: Bool, meaning: String,
        rules: @escaping @Sendable (Double, StationID?, Simulation) -> [MediumRule]
    ) {
        self.word = word
        self.parameter = parameter
        self.needsStation = needsStation
        self.meaning = meaning
        self.rules = rules
    }

    /// A form that may be about one station, or all.
    private init(
        _ word: String, _ meaning: String, _ parameter: Parameter? = nil,
        rules: @escaping @Sendable (Double, StationID?) -> [MediumRule]
    ) {
        self.init(word: word, parameter: parameter, needsStation: false, meaning: meaning) { number, station, _ in
            rules(number, station)
        }
    }

    /// A form that is about one station.
    private init(
        station word: String, _ meaning: String, _ parameter: Parameter? = nil,
        rules: @escaping @Sendable (Double, StationID) -> [MediumRule]
    ) {
        self.init(word: word, parameter: parameter, needsStation: true, meaning: meaning) { number, station, _ in
            station.map { rules(number, $0) } ?? []
        }
    }
}
