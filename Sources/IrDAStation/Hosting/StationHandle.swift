import IrDABackend
import IrDASimulation

/// A station of a host, as its programs know it.
struct StationHandle: Hashable, Sendable {
    typealias ID = StationID

    let id: StationID
    let device: IrDADeviceID
}
