import IrDAProtocol

extension Scenario {
    /// Makes the room, with everything in it switched on.
    ///
    /// - Parameter seed: what all that is random follows from; nil takes the scenario's own seed, or 1 if it has none.
    ///   The same scenario and seed give the same run, to the byte.
    /// - Returns: the simulation, the local station, and the devices in their order.
    /// - Throws: `ScenarioError` if a value is out of its range, a name, address or selector is used twice, an object exceeds a
    ///   limit of the information base, or a fault is about nobody.
    public func makeSimulation(
        seed: UInt64? = nil
    ) throws(ScenarioError) -> (simulation: Simulation, local: StationID, devices: [StationID]) {
        try check()
        let seed = seed ?? self.seed ?? 1
        var simulation = Simulation(range: range, bitErrorRate: bitErrorRate, seed: seed)
        var addresses = AddressPool(taken: Set(([station] + devices.map(\.station)).compactMap(\.address)), seed: seed)
        let local = simulation.add(station, &addresses)
        var ids: [StationID] = []
        for (index, device) in devices.enumerated() {
            let id = simulation.add(device.station, &addresses)
            try device.equip(id, in: &simulation, place: ScenarioPlace(.key("devices"), .item(index)))
            ids.append(id)
        }
        for (index, fault) in faults.enumerated() {
            do throws(Fault.Invalid) {
                try simulation.add(fault)
            } catch {
                throw ScenarioError(error.description, place: ScenarioPlace(.key("faults"), .item(index)))
            }
        }
        return (simulation, local, ids)
    }
}

/// Hands out the addresses of stations that have none of their own.
private struct AddressPool {
    private var taken: Set<DeviceAddress>
    private var generator: SeededGenerator

    init(taken: Set<DeviceAddress>, seed: UInt64) {
        self.taken = taken
        // Not the numbers that the simulation draws from the same seed.
        generator = SeededGenerator(seed: seed ^ 0xADD2_E55E5)
    }

    mutating func next() -> DeviceAddress {
        while true {
            let address = DeviceAddress.random(using: &generator)
            if taken.insert(address).inserted { return address }
        }
    }
}

extension Simulation {
    fileprivate mutating func add(_ station: Scenario.Station, _ addresses: inout AddressPool) -> StationID {
        let configuration = IrDAStack.Configuration(
            address: station.address ?? addresses.next(), name: station.name, hints: station.hints,
            parameters: station.parameters)
        return addStation(configuration, at: station.position)
    }
}

extension Scenario.Device {
    fileprivate func equip(
        _ id: StationID, in simulation: inout Simulation, place: ScenarioPlace
    ) throws(ScenarioError) {
        // Chosen selectors first, so that none of them is handed to a service that takes any.
        let order =
            services.indices.filter { services[$0].selector != nil }
            + services.indices.filter { services[$0].selector == nil }
        for index in order {
            let service = services[index]
            do {
                _ = try simulation.offer(
                    service.behaviour, on: id, className: service.className, selector: service.selector,
                    attributes: service.attributes)
            } catch {
                throw ScenarioError(error.problem, place: place.at("services").at(index))
            }
        }
        for (index, object) in objects.enumerated() {
            let outcome = simulation.with(id) { stack, _ in
                (
                    Result { () throws(IASError) in
                        try stack.addObject(className: object.className, attributes: object.attributes)
                    }, []
                )
            }
            if case .failure(let error) = outcome {
                throw ScenarioError(error.description, place: place.at("objects").at(index))
            }
        }
    }
}

extension IrDAServiceError {
    fileprivate var problem: String {
        switch self {
        case .selectorUnavailable(let selector?): "the selector \(selector) is taken; choose another, or leave it out"
        case .selectorUnavailable(nil): "every selector of the device is taken; it has too many services"
        case .invalidObject(let error): error.description
        }
    }
}
