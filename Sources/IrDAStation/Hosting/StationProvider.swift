public import IrDABackend
import IrDAProtocol
public import IrDASimulation
import NIOCore
public import SocketBackends

/// AF_IRDA on a station that runs in this process.
public struct StationProvider: IrDAProvider {
    /// A word for tables: `simulation`, `port`.
    public let name: String
    private let host: StationHost
    private let station: StationHandle

    /// The sockets of a station.
    ///
    /// - Parameters:
    ///   - host: who runs it.
    ///   - station: which.
    ///   - name: a word for tables.
    /// - Throws: WSAENETDOWN if the process is ending already.
    public init(_ host: StationHost, station: StationID, name: String = "simulation") throws(SocketError) {
        self.name = name
        self.host = host
        self.station = try host.onLoop(for: "use a station") { host in .success(host.handle(of: station)) }
    }

    /// Always there, as long as the host is not closed.
    public var availability: Availability { .available }

    /// Looks for devices on the medium.
    public func discover() throws(SocketError) -> [IrDADevice] {
        let operation = "discover infrared devices"
        let station = station.id
        return try wait(for: operation) { host, promise in
            host.discover(on: station, for: operation) { _, outcome in promise.succeed(outcome) }
        }
        .map(IrDADevice.init)
    }

    /// Asks a device on the medium.
    public func query(
        _ attribute: String, ofClass className: String, device: IrDADeviceID
    ) throws(SocketError) -> IASAnswer {
        let operation = "ask \(device) for \(attribute) of \(className)"
        let station = station.id
        let peer = DeviceAddress(rawValue: device.rawValue)
        let result = try wait(for: operation) { host, promise in
            host.query(IASName(attribute), of: IASName(className), at: peer, on: station, for: operation) {
                _, outcome in promise.succeed(outcome)
            }
        }
        return try IASAnswer(result, operation: operation)
    }

    /// Makes a socket on this station.
    public func makeEndpoint() throws(SocketError) -> any IrDAEndpoint {
        try StationEndpoint(host: host, station: station)
    }

    /// All of them.
    public var socketKinds: Set<IrDASocketKind> { Set(IrDASocketKind.allCases) }

    /// Makes a socket of any kind on this station.
    public func makeEndpoint(_ kind: IrDASocketKind) throws(SocketError) -> any IrDAEndpoint {
        let endpoint = try StationEndpoint(host: host, station: station, kind: kind)
        guard kind == .ultra else { return endpoint }
        try host.onLoop(for: "make a socket of irda") { host in
            Result { () throws(SocketError) in try host.openUltra(endpoint) }
        }
        return endpoint
    }

    /// The devices that the station remembers.
    public func rememberedDevices() throws(SocketError) -> [IrDADevice] {
        let station = station.id
        return try host.onLoop(for: "list infrared devices") { host in
            .success(host.knownDevices(of: station).map { IrDADevice($0.record) })
        }
    }

    /// Waits for a device, looking for one every three seconds.
    public func waitForDevice(
        offering hints: UInt16, for patience: Duration
    ) throws(SocketError) -> IrDADevice? {
        let station = station.id
        return try wait(for: "wait for an infrared device") { host, promise in
            _ = host.waitForDevice(offering: ServiceHints(rawValue: UInt32(hints)), for: patience, on: station) {
                _, record in promise.succeed(.success(record.map { IrDADevice($0) }))
            }
        }
    }

    /// What the station's own information base says.
    public func ownAttribute(
        _ attribute: String, ofClass className: String
    ) throws(SocketError) -> IASAnswer {
        let operation = "read \(attribute) of \(className)"
        let station = station.id
        let result = try host.onLoop(for: operation) { host in
            .success(
                host.medium.stack(of: station).database.values(
                    className: IASName(className), attribute: IASName(attribute)))
        }
        return try IASAnswer(result, operation: operation)
    }

    /// Starts something on the event loop and waits for the promise that goes with it.
    private func wait<Value: Sendable>(
        for operation: String,
        _ start: @escaping @Sendable (isolated StationHost, EventLoopPromise<Result<Value, SocketError>>) -> Void
    ) throws(SocketError) -> Value {
        let promise = host.loop.makePromise(of: Result<Value, SocketError>.self)
        try host.onLoop(for: operation) { host in
            start(host, promise)
            return .success(())
        }
        let outcome: Result<Value, SocketError>
        do {
            outcome = try promise.futureResult.wait()
        } catch {
            throw StationHost.closedError(operation)
        }
        do throws(SocketError) {
            return try outcome.get()
        } catch {
            var error = error
            error.operation = operation
            throw error
        }
    }
}

extension StationHost {
    /// A station as its programs know it.
    func handle(of station: StationID) -> StationHandle {
        StationHandle(id: station, device: IrDADeviceID(rawValue: medium.stack(of: station).address.rawValue))
    }
}

extension IrDADevice {
    init(_ record: DiscoveryRecord) {
        self.init(
            id: IrDADeviceID(rawValue: record.address.rawValue),
            hints: UInt16(truncatingIfNeeded: record.info.hints.rawValue),
            characterSet: record.info.characterSet.rawValue, rawName: record.info.nickname)
    }
}

extension IASAnswer {
    /// - Throws: WSAECONNABORTED if the device's answer makes no sense.
    init(_ result: IASResult, operation: String) throws(SocketError) {
        switch result {
        case .noSuchClass: self = .noSuchClass
        case .noSuchAttribute: self = .noSuchAttribute
        case .failed: throw SocketError(.protocolViolation, operation: operation)
        case .success(let entries):
            // Several objects of one class: the first that has a value (IrLMP 1.1, 4.1).
            switch entries.first(where: { $0.value != .missing })?.value {
            case .integer(let number): self = .integer(number)
            case .octets(let octets): self = .octets(octets)
            case .string(let text): self = .string(text.bytes, characterSet: text.characterSet.rawValue)
            case .missing, nil: self = .noSuchAttribute
            }
        }
    }
}

extension IASValue {
    init(_ answer: IASAnswer) {
        switch answer {
        case .noSuchClass, .noSuchAttribute: self = .missing
        case .integer(let number): self = .integer(number)
        case .octets(let octets): self = .octets(octets)
        case .string(let text, let characterSet):
            self = .string(IASString(characterSet: CharacterSet(rawValue: characterSet), bytes: text))
        }
    }
}
