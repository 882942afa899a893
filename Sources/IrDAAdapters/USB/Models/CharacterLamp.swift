/// What models of adapters have in common that make light of characters one by one as these come from the host.
struct CharacterLamp: Sendable {
    /// The light that it has sent: one for each frame, from its first filler to its EOF.
    var light: [AirLight] = []
    /// When the last character is off.
    private(set) var busyUntil = Duration.zero
    private var unfinished: [UInt8] = []
    private var start = Duration.zero
    /// How many characters wait in the adapter at most; the host waits for the rest.
    private let room: Int

    init(room: Int) {
        self.room = room
    }

    func isShining(at now: Duration) -> Bool { now < busyUntil }

    /// Takes characters.
    ///
    /// - Returns: when the adapter has taken all of them.
    mutating func shine(_ characters: [UInt8], rate: Int, at now: Duration) -> Duration {
        for character in characters {
            let begin = max(now, busyUntil)
            if unfinished.isEmpty { start = begin }
            unfinished.append(character)
            busyUntil = begin + .characters(1, at: rate)
            guard character == 0xC1 else { continue }
            var sent = AirLight(.characters(unfinished), rate: rate, start: start)
            sent.end = busyUntil
            light.append(sent)
            unfinished = []
        }
        return max(now, busyUntil - .characters(room, at: rate))
    }

    /// A change while it sends spoils what is on the air.
    mutating func cut(at now: Duration) {
        guard now < busyUntil else { return }
        if let last = light.indices.last, light[last].end > now {
            light[last].light = .characters([])
            light[last].end = now
        }
        unfinished = []
        busyUntil = now
    }
}
