/// The hardware of a DS-620.
public struct DS620Model: USBAdapterModel {
    private var lamp = CharacterLamp(room: 16)
    private var heard: [UInt8] = []
    private var report: [UInt8] = [0x36, 0xAA, 0x55, 0xAA, 0x55, 0xAA, 0x55, 0xAA]
    private var timesLeft = 0
    private let reportSize: Int
    private let repetitions: Int

    /// An adapter that has just been plugged in.
    ///
    /// - Parameters:
    ///   - reportSize: how many characters a report has at most, up to 7.
    ///   - repetitions: how often it gives a report again even if there is a new one.
    public init(reportSize: Int = 7, repetitions: Int = 0) {
        self.reportSize = min(7, max(1, reportSize))
        self.repetitions = repetitions
    }

    /// The light that it has sent.
    public var light: [AirLight] {
        get { lamp.light }
        set { lamp.light = newValue }
    }

    /// Nothing can be asked.
    public mutating func control(_ setup: USBSetup, at now: Duration) -> USBOutcome { .stalled }

    /// Characters for the air.
    public mutating func send(
        _ bytes: [UInt8], endsShort: Bool, at now: Duration
    ) -> (outcome: USBOutcome, moment: Duration) {
        (.done([]), lamp.shine(bytes, rate: 9600, at: now))
    }

    /// A report; the same again as long as there is no new one. Behind its characters is whatever was there.
    public mutating func read(at now: Duration) -> [UInt8]? {
        if timesLeft > 0 {
            timesLeft -= 1
        } else if !heard.isEmpty {
            let characters = heard.prefix(reportSize)
            heard.removeFirst(characters.count)
            report = [UInt8(characters.count)] + characters + report[(1 + characters.count)...]
            timesLeft = repetitions
        }
        return report
    }

    /// Characters at 9600 bit/s.
    public mutating func see(_ seen: AirLight, at now: Duration) {
        guard seen.rate == 9600, case .characters(let characters) = seen.light else { return }
        heard += characters
    }
}
