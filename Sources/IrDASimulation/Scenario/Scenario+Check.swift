import IrDAProtocol

// What must hold of every scenario, wherever it comes from. Limits of the information base are checked there.
extension Scenario {
    func check() throws(ScenarioError) {
        guard range.isFinite, range >= 0 else {
            throw ScenarioError("the range is in metres, 0 or more, not \(range)", place: ScenarioPlace(.key("range")))
        }
        guard (0...1).contains(bitErrorRate) else {
            throw ScenarioError(
                "the bit error rate is a probability, 0 to 1, not \(bitErrorRate)",
                place: ScenarioPlace(.key("bit-error-rate")))
        }
        let devicesPlace = ScenarioPlace(.key("devices"))
        guard devices.count <= Self.maximumDevices else {
            throw ScenarioError(
                "there are \(devices.count) devices; a room holds at most \(Self.maximumDevices)",
                place: devicesPlace.at(Self.maximumDevices))
        }
        var names: Set<String> = []
        var addresses: Set<DeviceAddress> = []
        try station.check(at: ScenarioPlace(.key("station")), &names, &addresses)
        for (index, device) in devices.enumerated() {
            try device.station.check(at: devicesPlace.at(index), &names, &addresses)
            try device.checkServices(at: devicesPlace.at(index).at("services"))
        }
    }
}

extension Scenario.Station {
    fileprivate func check(
        at place: ScenarioPlace, _ names: inout Set<String>, _ addresses: inout Set<DeviceAddress>
    ) throws(ScenarioError) {
        guard !name.isEmpty else {
            throw ScenarioError("a station needs a name of at least one character", place: place.at("name"))
        }
        guard names.insert(name).inserted else {
            throw ScenarioError(
                "another station is named '\(name)'; devices are told apart by their names", place: place.at("name"))
        }
        if let address {
            guard address.isAssignable else {
                throw ScenarioError(
                    "no device can have the address \(address); choose one from 0x00000001 to 0xFFFFFFFE",
                    place: place.at("address"))
            }
            guard addresses.insert(address).inserted else {
                throw ScenarioError(
                    "another station has the address \(address); choose another, or leave it out",
                    place: place.at("address"))
            }
        }
        guard position.x.isFinite, position.y.isFinite else {
            throw ScenarioError("a position is two numbers of metres", place: place.at("position"))
        }
        try parameters.check(at: place.at("parameters"))
    }
}

extension NegotiationParameters {
    fileprivate func check(at place: ScenarioPlace) throws(ScenarioError) {
        guard baudRates.contains(.rate9600) else {
            throw ScenarioError("every station must have the speed 9600 (IrLAP 1.1, 6.6.2)", place: place.at("speed"))
        }
        guard (1...7).contains(windowSize) else {
            throw ScenarioError("the window is 1 to 7 frames, not \(windowSize)", place: place.at("window"))
        }
        guard disconnectTimes.contains(.s3) else {
            throw ScenarioError(
                "every station must have the disconnect time 3 s (IrLAP 1.1, 6.6.9)", place: place.at("disconnect-time")
            )
        }
    }
}

extension Scenario.Device {
    fileprivate func checkServices(at place: ScenarioPlace) throws(ScenarioError) {
        var selectors: Set<LSAPSelector> = []
        for (index, service) in services.enumerated() {
            let place = place.at(index)
            if let selector = service.selector {
                guard selector.isUsable else {
                    throw ScenarioError(
                        "the selector 0x\(selector) is none that a service can have; choose one from 0x01 to 0x6F",
                        place: place.at("selector"))
                }
                guard selectors.insert(selector).inserted else {
                    throw ScenarioError(
                        "another service of the device has the selector 0x\(selector); choose another, or leave it out",
                        place: place.at("selector"))
                }
            } else if service.className == nil {
                throw ScenarioError("a service needs a class or a selector, or nobody finds it", place: place)
            }
            if service.className == nil, !service.attributes.isEmpty {
                throw ScenarioError(
                    "a service without a class has no object that could hold attributes; give it a class",
                    place: place.at("attributes"))
            }
            if case .source(let bytes) = service.behaviour, bytes < 0 {
                throw ScenarioError("a source cannot send \(bytes) bytes", place: place.at("behaviour"))
            }
        }
    }
}
