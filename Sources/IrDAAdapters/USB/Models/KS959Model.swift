/// The hardware of a KS-959.
public struct KS959Model: USBAdapterModel {
    private var lamp = CharacterLamp(room: 256)
    /// Its speed in bit/s.
    public private(set) var rate = 9600
    /// What hides the bytes to the host; it goes on when the host starts anew.
    public private(set) var counter: UInt8
    private var heard: [UInt8] = []
    private let speedRequest: KingSunSpeedRequest?
    private let mostBytes: Int
    private let losesByte: Int?
    private var given = 0

    /// An adapter with any state from before.
    ///
    /// - Parameters:
    ///   - counter: where its counter stands.
    ///   - speedRequest: the form in which it takes a speed; nil if in none that a program may send.
    ///   - stale: characters from before.
    ///   - mostBytes: how many bytes it gives at once, at most.
    ///   - losesByte: the number of the byte to the host, from 0, that is lost on the bus.
    public init(
        counter: UInt8 = 0, speedRequest: KingSunSpeedRequest? = nil, stale: [UInt8] = [], mostBytes: Int = 2048,
        losesByte: Int? = nil
    ) {
        self.counter = counter
        self.speedRequest = speedRequest
        self.mostBytes = mostBytes
        self.losesByte = losesByte
        for character in stale { hide(character) }
    }

    /// The light that it has sent.
    public var light: [AirLight] {
        get { lamp.light }
        set { lamp.light = newValue }
    }

    /// An endpoint that nothing comes from.
    public var endpoints: Set<UInt8> { [0x81] }

    /// What was heard.
    public mutating func control(_ setup: USBSetup, at now: Duration) -> USBOutcome {
        guard setup.requestType == 0xA1, setup.request == 0x01, setup.value == 0x0200, setup.index == 0 else {
            return .stalled
        }
        let answer = heard.prefix(min(mostBytes, Int(setup.length)))
        heard.removeFirst(answer.count)
        return .done(Array(answer))
    }

    /// Characters for the air, hidden; or a speed, if it takes that form.
    public mutating func controlOut(
        _ setup: USBSetup, _ bytes: [UInt8], at now: Duration
    ) -> (outcome: USBOutcome, moment: Duration) {
        if let new = KingSunModel.rate(setup, bytes, as: speedRequest) {
            lamp.cut(at: now)
            rate = new
            return (.done([]), now)
        }
        let count = Int(setup.value)
        guard setup.requestType == 0x21, setup.request == 0x09, setup.index == 0, (1...240).contains(count),
            bytes.count == Int(setup.length), bytes.count == (count + 7) / 8 * 8 + 16
        else { return (.stalled, now) }
        let mask = Array("wangshuofei19710".utf8)[(count % 16) ^ 6] ^ 0x55
        return (.done([]), lamp.shine(bytes.prefix(count).map { $0 ^ mask }, rate: rate, at: now))
    }

    /// It has no endpoint to send to.
    public mutating func send(
        _ bytes: [UInt8], endsShort: Bool, at now: Duration
    ) -> (outcome: USBOutcome, moment: Duration) {
        (.failed, now)
    }

    /// Nothing ever comes from its endpoint.
    public mutating func read(at now: Duration) -> [UInt8]? { nil }

    /// Characters at its own speed. Above 57600 bit/s it cannot keep up, and loses every third.
    public mutating func see(_ seen: AirLight, at now: Duration) {
        guard seen.rate == rate, case .characters(let characters) = seen.light else { return }
        for (index, character) in characters.enumerated() where rate <= 57600 || index % 3 != 2 { hide(character) }
    }

    private mutating func hide(_ character: UInt8) {
        counter &+= 1
        if counter == 0 {
            give(0xC0)
            counter = 1
        }
        give(character ^ counter ^ 0x55)
    }

    private mutating func give(_ byte: UInt8) {
        defer { given += 1 }
        if given != losesByte { heard.append(byte) }
    }
}
