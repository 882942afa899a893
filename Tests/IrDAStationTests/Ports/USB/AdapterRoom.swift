import IrDAAdapters
import IrDAProtocol
import IrDASimulation
import SimulationFixtures
import Testing

@testable import IrDAStation

/// What stands between a station and the light: an adapter, or nothing.
struct Equipment: Sendable, CustomTestStringConvertible {
    /// Nil for an ideal station.
    let example: USBAdapterExample?
    var testDescription: String { example?.kind ?? "ideal" }

    static let adapters = USBAdapterExample.all.map { Equipment(example: $0) }
    static let none = Equipment(example: nil)

    var transceiver: AdapterTransceiver? { example.map { AdapterTransceiver($0) } }

    /// What it can do, when it has been set up.
    var capabilities: LightPortCapabilities {
        example.map { AdapterTransceiver.capabilities(of: $0) }
            ?? LightPortCapabilities(rates: .all, minimumTurnaround: .zero)
    }

    /// What a station behind it announces at one speed.
    func parameters(at rate: BaudRate) -> NegotiationParameters {
        var parameters = NegotiationParameters.unlimited.limited(to: capabilities)
        // Two stations that have 9600 bit/s do not agree on less.
        parameters.baudRates = rate == .rate2400 ? .rate2400 : [.rate9600, BaudRateSet(rate)]
        return parameters
    }
}

/// A desk and a phone on one medium, each behind its equipment.
struct AdapterRoom {
    var simulation: Simulation
    let desk: StationID
    let phone: StationID
    static let phoneAddress = DeviceAddress(rawValue: 0x9ABC_DEF1)

    init(_ desk: Equipment, _ phone: Equipment, rate: BaudRate, bitErrorRate: Double = 0, seed: UInt64) {
        simulation = Simulation(bitErrorRate: bitErrorRate, seed: seed)
        self.desk = simulation.addStation(
            Self.configuration(0x1234_5678, "Desk", desk, rate), behind: desk.transceiver)
        self.phone = simulation.addStation(
            Self.configuration(Self.phoneAddress.rawValue, "Phone", phone, rate), behind: phone.transceiver)
    }

    private static func configuration(
        _ address: UInt32, _ name: String, _ equipment: Equipment, _ rate: BaudRate
    ) -> IrDAStack.Configuration {
        var configuration = IrDAStack.Configuration(
            address: DeviceAddress(rawValue: address), name: name, hints: .computer,
            parameters: equipment.parameters(at: rate))
        // As on a port: adapters report light late.
        configuration.discoveryPace = .patient
        return configuration
    }

    /// Connects the desk to a service of the phone that the test serves.
    mutating func connect(_ traffic: inout Traffic) throws -> (near: Traffic.End, far: Traffic.End) {
        _ = try simulation.offer(.program(""), on: phone, className: "Bulk")
        // A frame of the set-up that has errors may cost the whole attempt.
        for _ in 0..<5 {
            if let ends = traffic.connect(desk, to: .service("Bulk"), at: Self.phoneAddress, in: &simulation) {
                return ends
            }
        }
        throw TestFailure("no connection")
    }
}
