public import IrDABackend
import IrDAProtocol
public import IrDASimulation
import NIOCore
public import SocketBackends

/// AF_IRDA on a station of a simulated medium that runs in this process.
public struct SimulationProvider: IrDAProvider {
    private let host: SimulationHost
    private let station: StationHandle

    /// The sockets of a station.
    public init(_ host: SimulationHost, station: StationID) throws(SocketError) {
        self.host = host
        let address = try host.onLoop(for: "use a station") { host in
            .success(host.simulation.stack(of: station).address)
        }
        self.station = StationHandle(id: station, device: IrDADeviceID(rawValue: address.rawValue))
    }

    /// `simulation`.
    public var name: String { "simulation" }
    /// Always there, as long as the host is not closed.
    public var availability: Availability { .available }

    /// Looks for devices on the medium.
    public func discover() throws(SocketError) -> [IrDADevice] {
        let operation = "discover infrared devices"
        let station = station.id
        let report = try wait(for: operation) { host, promise in
            host.discoveries[station, default: []].append(promise)
            host.simulation.tell(station) { $0.discover(at: $1) }
        }
        switch try report.get() {
        case .found(let records), .remembered(let records): return records.map(IrDADevice.init)
        case .mediaBusy: throw SocketError(.link(.mediaBusy), operation: operation)
        }
    }

    /// Asks a device on the medium.
    public func query(
        _ attribute: String, ofClass className: String, device: IrDADeviceID
    ) throws(SocketError) -> IASAnswer {
        let operation = "ask \(device) for \(attribute) of \(className)"
        let station = station.id
        let peer = DeviceAddress(rawValue: device.rawValue)
        guard peer.isAssignable else {
            throw SocketError(
                .WSAEADDRNOTAVAIL, operation: operation, reason: "this is not the address of a device",
                advice: "Discover devices first.")
        }
        let outcome = try wait(for: operation) { host, promise in
            let id = host.simulation.with(station) {
                $0.query(IASName(attribute), of: IASName(className), at: peer, now: $1)
            }
            host.queries[id] = promise
        }
        switch outcome {
        case .answered(let result): return try IASAnswer(result, operation: operation)
        case .replied: throw SocketError(.protocolViolation, operation: operation)  // Not to what was asked.
        case .failed(let reason): throw SocketError(reason, operation: operation)
        }
    }

    /// Makes a socket on this station.
    public func makeEndpoint() throws(SocketError) -> any IrDAEndpoint {
        try SimulatedEndpoint(host: host, station: station)
    }

    /// Starts something on the event loop and waits for the promise that goes with it.
    private func wait<Value: Sendable>(
        for operation: String,
        _ start: @escaping @Sendable (isolated SimulationHost, EventLoopPromise<Value>) -> Void
    ) throws(SocketError) -> Value {
        let promise = host.loop.makePromise(of: Value.self)
        try host.onLoop(for: operation) { host in
            guard !host.isClosed else {
                promise.fail(SimulationHost.closedError(operation))
                return .success(())
            }
            host.catchUp()
            start(host, promise)
            host.tick()
            return .success(())
        }
        do {
            return try promise.futureResult.wait()
        } catch {
            throw error as? SocketError ?? SimulationHost.closedError(operation)
        }
    }
}

extension IrDADevice {
    init(_ record: DiscoveryRecord) {
        self.init(
            id: IrDADeviceID(rawValue: record.address.rawValue), name: record.info.name,
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
