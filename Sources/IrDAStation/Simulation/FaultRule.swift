import IrDASimulation
import SocketBackends
import struct SystemPackage.Errno

/// Something that goes wrong on the medium, as people write it.
///
///     block [STATION]              no light between the station (or anybody) and the others
///     mute STATION                 nothing that the station sends arrives
///     blind STATION                nothing arrives at the station
///     lose PERCENT [STATION]       so many frames to the station vanish
///     sunlight RATE [STATION]      so many of the bits to the station arrive wrong, 0 to 1
///     delay MILLISECONDS [STATION] what the station sends leaves so much later
///     deaf MILLISECONDS STATION    the station hears nothing so soon after its own light
struct FaultRule: Sendable {
    let rules: [MediumRule]

    /// The words that a rule begins with.
    static let kinds = ["block", "mute", "blind", "lose", "sunlight", "delay", "deaf"]

    /// Reads a rule.
    ///
    /// - Parameters:
    ///   - text: the rule.
    ///   - operation: what is attempted, for errors.
    ///   - find: finds a station by its name or address.
    /// - Throws: WSAEINVAL with what is wrong about it.
    init(_ text: String, operation: String, find: (String) -> StationID?) throws(SocketError) {
        var words = text.split(separator: " ").map(String.init)[...]
        func invalid(_ reason: String) -> SocketError {
            SocketError(
                .WSAEINVAL, errno: .invalidArgument, operation: operation, reason: reason,
                advice: "See irsock fault add --help.")
        }
        guard let kind = words.popFirst(), Self.kinds.contains(kind) else {
            throw invalid("a fault is one of \(Self.kinds.joined(separator: ", "))")
        }
        func number(_ range: ClosedRange<Double>, _ unit: String) throws(SocketError) -> Double {
            guard let word = words.popFirst(), let number = Double(word), range.contains(number) else {
                throw invalid("\(kind) needs \(unit) from \(range.lowerBound) to \(range.upperBound)")
            }
            return number
        }
        func station() throws(SocketError) -> StationID? {
            guard !words.isEmpty else { return nil }
            // A name may have spaces.
            let name = words.joined(separator: " ")
            guard let station = find(name) else { throw invalid("there is no station '\(name)'") }
            return station
        }
        func requiredStation() throws(SocketError) -> StationID {
            guard let station = try station() else { throw invalid("\(kind) needs the name of a station") }
            return station
        }
        switch kind {
        case "block":
            let station = try station()
            rules =
                station.map { [MediumRule(.drop, from: $0), MediumRule(.drop, at: $0)] } ?? [MediumRule(.drop)]
        case "mute": rules = [MediumRule(.drop, from: try requiredStation())]
        case "blind": rules = [MediumRule(.drop, at: try requiredStation())]
        case "lose":
            let percent = try number(0...100, "a percentage")
            rules = [MediumRule(.drop, at: try station(), probability: percent / 100)]
        case "sunlight":
            let rate = try number(0...1, "a bit error rate")
            rules = [MediumRule(.sunlight(bitErrorRate: rate), at: try station())]
        case "delay":
            let milliseconds = try number(0...10_000, "milliseconds")
            rules = [MediumRule(.delay(.microseconds(Int64(milliseconds * 1000))), from: try station())]
        default:
            let milliseconds = try number(0...10_000, "milliseconds")
            rules = [MediumRule(.deaf(.microseconds(Int64(milliseconds * 1000))), at: try requiredStation())]
        }
    }
}
