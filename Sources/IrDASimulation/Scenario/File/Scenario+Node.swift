import IrDAProtocol

// The keys of the file format, level by level.
extension Scenario {
    private enum Key: String, CaseIterable {
        case range, seed, station, devices, faults
        case bitErrorRate = "bit-error-rate"
    }

    init(_ node: ScenarioNode) throws(ScenarioError) {
        self.init()
        let fields = try node.fields(of: "a scenario", Key.self)
        if let value = fields[.range] { range = try value.number("the range must be a number of metres") }
        if let value = fields[.bitErrorRate] {
            bitErrorRate = try value.number("the bit error rate must be a number from 0 to 1")
        }
        if let value = fields[.seed] { seed = try value.integer("the seed must be a number from 0 to \(UInt64.max)") }
        if let value = fields[.station] {
            let values = try value.fields(of: "the station", Station.Key.self)
            station.name = try values[.name]?.name ?? station.name
            try station.read(values)
        }
        if let value = fields[.devices] {
            for device in try value.items("the devices must be a list ('- name: …')") {
                devices.append(try Device(device))
            }
        }
        if let value = fields[.faults] {
            for fault in try value.items("the faults must be a list ('- lose 5')") { faults.append(try Fault(fault)) }
        }
    }
}

extension Fault {
    fileprivate init(_ node: ScenarioNode) throws(ScenarioError) {
        let text = try node.text("a fault must be text, such as 'lose 5'")
        do throws(Invalid) {
            try self.init(text)
        } catch {
            throw ScenarioError(error.description, at: node.position)
        }
    }
}

extension Scenario.Station {
    fileprivate enum Key: String, CaseIterable {
        case name, address, hints, position, parameters
    }

    /// Reads everything but the name.
    fileprivate mutating func read(_ fields: [Key: ScenarioNode]) throws(ScenarioError) {
        if let value = fields[.address] {
            address = DeviceAddress(
                rawValue: try value.integer("an address must be a number of 32 bits, such as 0x12345678"))
        }
        if let value = fields[.hints] { hints = try ServiceHints(value) }
        if let value = fields[.position] { position = try Position(value) }
        if let value = fields[.parameters] { try parameters.read(value) }
    }
}

extension Scenario.Device {
    fileprivate enum Key: String, CaseIterable {
        case name, address, hints, position, parameters, services, objects

        var stationKey: Scenario.Station.Key? { Scenario.Station.Key(rawValue: rawValue) }
    }

    fileprivate init(_ node: ScenarioNode) throws(ScenarioError) {
        let fields = try node.fields(of: "a device", Key.self)
        guard let name = fields[.name] else {
            throw ScenarioError("a device needs a name ('name: …')", at: node.position)
        }
        self.init(name: try name.name)
        try station.read(
            Dictionary(uniqueKeysWithValues: fields.compactMap { key, value in key.stationKey.map { ($0, value) } }))
        if let value = fields[.services] {
            for service in try value.items("the services must be a list ('- class: …')") {
                services.append(try Scenario.Service(service))
            }
        }
        if let value = fields[.objects] {
            for object in try value.items("the objects must be a list ('- class: …')") {
                objects.append(try Scenario.Object(object))
            }
        }
    }
}

extension Scenario.Service {
    private enum Key: String, CaseIterable {
        case className = "class"
        case selector, behaviour, attributes
    }

    fileprivate init(_ node: ScenarioNode) throws(ScenarioError) {
        let fields = try node.fields(of: "a service", Key.self)
        guard let behaviour = fields[.behaviour] else {
            throw ScenarioError(
                "a service needs a behaviour: \(ServiceBehaviour.forms.joined(separator: ", "))", at: node.position)
        }
        self.init(className: nil, behaviour: try ServiceBehaviour(behaviour))
        if let value = fields[.className] { className = try value.className }
        if let value = fields[.selector] {
            let wanted = "a selector must be a number from 0x01 to 0x6F"
            guard let number = LSAPSelector(exactly: try value.integer(wanted) as Int) else {
                throw value.mismatch(wanted)
            }
            selector = number
        }
        if let value = fields[.attributes] { attributes = try value.attributes }
    }
}

extension Scenario.Object {
    private enum Key: String, CaseIterable {
        case className = "class"
        case attributes
    }

    fileprivate init(_ node: ScenarioNode) throws(ScenarioError) {
        let fields = try node.fields(of: "an object", Key.self)
        guard let name = fields[.className] else {
            throw ScenarioError("an object needs a class ('class: …')", at: node.position)
        }
        self.init(className: try name.className, attributes: try fields[.attributes]?.attributes ?? [])
    }
}
