import Glibc
import IrDABackend
import SocketBackends
import Synchronization
import SystemPackage

/// A provider whose station is the test: the other end of each socket's pair is at hand, and all calls are written down.
final class ScriptedProvider: IrDAProvider {
    struct State: Sendable {
        var devices: [IrDADevice] = []
        var calls: [String] = []
        var endpoints: [ScriptedEndpoint] = []
    }

    let name = "script"
    let availability = Availability.available
    let socketKinds: Set<IrDASocketKind>
    let state = Mutex(State())

    init(kinds: Set<IrDASocketKind> = Set(IrDASocketKind.allCases)) {
        socketKinds = kinds
    }

    /// The latest socket's station side.
    var latest: ScriptedEndpoint? { state.withLock { $0.endpoints.last } }
    var calls: [String] { state.withLock { $0.calls } }

    func discover() throws(SocketError) -> [IrDADevice] { state.withLock { $0.devices } }

    func query(
        _ attribute: String, ofClass className: String, device: IrDADeviceID
    ) throws(SocketError) -> IASAnswer {
        state.withLock { $0.calls.append("query \(device) \(className) \(attribute)") }
        return .integer(7)
    }

    func makeEndpoint() throws(SocketError) -> any IrDAEndpoint { try makeEndpoint(.stream) }

    func makeEndpoint(_ kind: IrDASocketKind) throws(SocketError) -> any IrDAEndpoint {
        let endpoint = try ScriptedEndpoint(kind)
        state.withLock { $0.endpoints.append(endpoint) }
        return endpoint
    }

    func waitForDevice(offering hints: UInt16, for patience: Duration) throws(SocketError) -> IrDADevice? {
        state.withLock { state in
            state.calls.append("wait \(hints) \(patience)")
            return state.devices.first { hints == 0 || $0.hints & hints != 0 }
        }
    }

    func ownAttribute(_ attribute: String, ofClass className: String) throws(SocketError) -> IASAnswer {
        .string(Array("\(className).\(attribute)".utf8), characterSet: 0)
    }
}

/// A socket's station side.
final class ScriptedEndpoint: IrDAEndpoint {
    struct State: Sendable {
        var outcome: Result<Void, SocketError>?
        var settings: [IrDASocketSettings] = []
        var calls: [String] = []
        var units: IrDATransferUnits?
        var failure: SocketError?
        var ultra: [(identifier: UInt8, packet: [UInt8])] = []
    }

    let kind: IrDASocketKind
    let descriptor: SharedDescriptor
    /// What the station has of the pair.
    let station: SharedDescriptor
    let state = Mutex(State())
    let localDevice = IrDADeviceID(rawValue: 0x0102_0304)

    init(_ kind: IrDASocketKind) throws(SocketError) {
        self.kind = kind
        var ends: [Int32] = [-1, -1]
        let type = kind == .stream ? SOCK_STREAM : SOCK_SEQPACKET
        try systemCall(for: "make a pair") {
            socketpair(AF_UNIX, Int32(type.rawValue) | Int32(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0, &ends)
        }
        descriptor = SharedDescriptor(OwnedDescriptor(FileDescriptor(rawValue: ends[0])))
        station = SharedDescriptor(OwnedDescriptor(FileDescriptor(rawValue: ends[1])))
    }

    // MARK: What a test does

    /// Ends a connect well.
    func connected(_ units: IrDATransferUnits) {
        state.withLock { state in
            state.outcome = .success(())
            state.units = units
        }
    }

    func stationSends(_ bytes: [UInt8]) throws(SocketError) {
        _ = try station.withDescriptor(for: "send") { descriptor throws(SocketError) in
            try systemCall(for: "send") { send(descriptor.rawValue, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }
        }
    }

    func stationReceives() throws(SocketError) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 100_000)
        let count = try station.withDescriptor(for: "receive") { descriptor throws(SocketError) in
            try systemCall(for: "receive") { recv(descriptor.rawValue, &buffer, buffer.count, 0) }
        }
        return Array(buffer.prefix(count))
    }

    var calls: [String] { state.withLock { $0.calls } }
    private func note(_ call: String) { state.withLock { $0.calls.append(call) } }

    // MARK: IrDAEndpoint

    func connect(to device: IrDADeviceID, service: IrDAServiceName, exclusively: Bool) throws(SocketError) {
        note("connect \(device) \(service)")
    }

    var connectOutcome: Result<Void, SocketError>? { state.withLock { $0.outcome } }

    func bind(to service: IrDAServiceName) throws(SocketError) -> UInt8 {
        note("bind \(service)")
        return 0x21
    }

    func listen(backlog: Int) throws(SocketError) { note("listen") }
    func accept() throws(SocketError) -> (endpoint: any IrDAEndpoint, device: IrDADeviceID)? { nil }
    var sendPDULength: Int? { get throws(SocketError) { state.withLock { $0.units?.pduLength } } }
    var transferUnits: IrDATransferUnits? { get throws(SocketError) { state.withLock { $0.units } } }

    func setAttribute(_ attribute: String, ofClass className: String, to value: IASAnswer) throws(SocketError) {
        note("set \(className) \(attribute)")
    }

    func removeAttribute(_ attribute: String, ofClass className: String) throws(SocketError) {
        note("remove \(className) \(attribute)")
    }

    func setHints(_ hints: UInt16) throws(SocketError) { note("hints \(hints)") }
    func apply(_ settings: IrDASocketSettings) throws(SocketError) { state.withLock { $0.settings.append(settings) } }

    func sendUltra(_ packet: [UInt8], protocolID: UInt8) throws(SocketError) {
        state.withLock { $0.ultra.append((protocolID, packet)) }
    }

    var failure: SocketError? { state.withLock { $0.failure } }
    func close() { descriptor.close() }
}
