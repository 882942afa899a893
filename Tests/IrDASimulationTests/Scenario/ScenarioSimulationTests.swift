import IrDAProtocol
import IrDASimulation
import Testing

@Suite struct ScenarioSimulationTests {
    /// What the local station finds in as many discoveries as it takes, as answers in the same slot collide.
    private func discover(
        _ count: Int, from local: StationID, in simulation: inout Simulation
    ) -> [DeviceAddress: DiscoveryRecord] {
        var found: [DeviceAddress: DiscoveryRecord] = [:]
        for _ in 0..<20 where found.count < count {
            simulation.tell(local) { $0.discover(at: $1) }
            var isOver = false
            _ = simulation.run(for: .seconds(30)) { simulation in
                for happened in simulation.takeEvents() where happened.station == local {
                    guard case .discoveryEnded(.found(let records)) = happened.event else { continue }
                    for record in records { found[record.address] = record }
                    isOver = true
                }
                return isOver
            }
        }
        return found
    }

    @Test(arguments: UInt64(1)...3)
    func theLivingRoomIsFound(seed: UInt64) throws {
        var (simulation, local, _) = try Scenario.livingRoom.makeSimulation(seed: seed)
        let found = discover(3, from: local, in: &simulation)
        #expect(
            Set(found.values.map(\.info.name)) == ["Phone", "Printer", "Dive Computer"], "seed \(seed)")
        #expect(
            found.values.first { $0.info.name == "Phone" }?.info.hints == [.telephony, .irCOMM, .obex], "seed \(seed)")
    }

    @Test func theDiveComputerSendsItsPattern() throws {
        var (simulation, local, devices) = try Scenario.livingRoom.makeSimulation()
        let address = simulation.stack(of: devices[2]).address
        let connection = simulation.with(local) { $0.connect(to: .service("DiveLog"), at: address, now: $1) }
        var received: [UInt8] = []
        var end: IrDAEndReason?
        _ = simulation.run(for: .seconds(600)) { simulation in
            for happened in simulation.takeEvents() where happened.station == local {
                switch happened.event {
                case .received(connection, let segment):
                    received += segment
                    simulation.tell(local) { $0.consumed(segments: 1, on: connection, at: $1) }
                case .ended(connection, let reason): end = reason
                default: break
                }
            }
            return end != nil
        }
        #expect(received.count == 65536)
        let firstWrong = received.indices.first { received[$0] != ServiceBehaviour.patternByte(at: $0) }
        #expect(firstWrong == nil)
        #expect(end == .peer(.userRequest))
    }

    @Test func attributesAndObjectsAreInTheInformationBase() throws {
        let (simulation, local, devices) = try ScenarioExample.scenario.makeSimulation()
        let phone = simulation.stack(of: devices[0])
        let dive = simulation.stack(of: devices[1])
        #expect(simulation.stack(of: local).database.objects.count == 1)
        #expect(phone.address == DeviceAddress(rawValue: 0x9ABC_DEF1))
        let echo = try #require(phone.database.objects(className: "Echo").first)
        #expect(echo.value(of: "IrDA:TinyTP:LsapSel") == .integer(0x12))
        #expect(echo.value(of: "Data") == .octets([1, 2, 255]))
        #expect(echo.value(of: "Nothing") == .missing)
        #expect(phone.database.objects.count == 2)  // The service without a class has no object.
        #expect(
            dive.database.objects(className: "PnP").first?.value(of: "Manufacturer") == .string(IASString("IrSock")))
        #expect(dive.database.objects(className: "DiveLog").count == 1)
    }

    @Test func aChosenSelectorIsNotTakenByAnEarlierService() throws {
        let scenario = Scenario(devices: [
            Scenario.Device(
                name: "A",
                services: [
                    Scenario.Service(className: "Any", behaviour: .echo),
                    Scenario.Service(className: "Chosen", selector: LSAPSelector(rawValue: 0x10), behaviour: .echo),
                ])
        ])
        let (simulation, _, devices) = try scenario.makeSimulation()
        let database = simulation.stack(of: devices[0]).database
        #expect(database.objects(className: "Chosen").first?.value(of: "IrDA:TinyTP:LsapSel") == .integer(0x10))
    }

    @Test func addressesFollowFromTheSeedAndAreNeverTheSame() throws {
        let scenario = Scenario(devices: (0..<Scenario.maximumDevices).map { Scenario.Device(name: "Device \($0)") })
        func addresses(_ seed: UInt64?) throws -> [DeviceAddress] {
            let (simulation, local, devices) = try scenario.makeSimulation(seed: seed)
            return ([local] + devices).map { simulation.stack(of: $0).address }
        }
        #expect(try addresses(7) == addresses(7))
        #expect(try addresses(7) != addresses(8))
        #expect(try addresses(nil) == addresses(1))
        #expect(Set(try addresses(7)).count == Scenario.maximumDevices + 1)
        // An address that would be drawn is somebody's already.
        var taken = scenario
        taken.devices[63].station.address = try addresses(7)[0]
        let (simulation, local, devices) = try taken.makeSimulation(seed: 7)
        #expect(Set(([local] + devices).map { simulation.stack(of: $0).address }).count == Scenario.maximumDevices + 1)
    }

    @Test func theSeedOfTheCallComesFirst() throws {
        func address(_ scenario: Scenario, seed: UInt64?) throws -> DeviceAddress {
            let (simulation, local, _) = try scenario.makeSimulation(seed: seed)
            return simulation.stack(of: local).address
        }
        #expect(try address(Scenario(seed: 5), seed: nil) == address(Scenario(), seed: 5))
        #expect(try address(Scenario(seed: 5), seed: 6) == address(Scenario(), seed: 6))
    }
}
