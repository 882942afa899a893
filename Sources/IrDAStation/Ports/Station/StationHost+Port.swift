public import IrDAProtocol
public import IrDASimulation
public import NIOCore
import NIOPosix
public import SocketBackends
import struct SystemPackage.Errno

// A station on a real port.
extension StationHost {
    /// Opens a port and puts a station on it, in real time.
    ///
    /// - Parameters:
    ///   - port: the port, which lives on `loop`.
    ///   - configuration: what the station is; it announces no more than the port can do, and `.unlimited` all of that.
    ///   - seed: what its choices of slots and times follow from.
    ///   - capture: where its frames are written.
    ///   - loop: the event loop.
    ///   - report: told on the loop why the port has been lost, and of nil when it is back.
    /// - Returns: the host of the station.
    /// - Throws: why the port cannot be opened.
    public static func open(
        _ port: any LightPort, configuration: IrDAStack.Configuration, seed: UInt64,
        capture: consuming CaptureFile? = nil, on loop: any EventLoop,
        report: (@Sendable (SocketError?) -> Void)? = nil
    ) throws(SocketError) -> StationHost {
        try open(port, configuration: configuration, seed: seed, capture: capture, clock: nil, on: loop, report: report)
    }

    /// The same by another clock.
    static func open(
        _ port: any LightPort, configuration: IrDAStack.Configuration, seed: UInt64, capture: consuming CaptureFile?,
        clock: (any PortClock)?, on loop: any EventLoop, report: (@Sendable (SocketError?) -> Void)?
    ) throws(SocketError) -> StationHost {
        var configuration = configuration
        // Adapters and their drivers report the beginning of light late.
        configuration.discoveryPace = .patient
        let host = StationHost(
            PortStation(configuration, seed: seed), speed: .times(1), capture: capture, clock: clock, on: loop)
        do {
            try loop.flatSubmit { host.assumeIsolated { $0.attach(port, report) } }.wait()
        } catch {
            throw error as? SocketError
                ?? SocketError(.WSAENETDOWN, operation: "open \(port.name)", reason: "\(error)")
        }
        return host
    }

    /// The station of a host on a port; the first of a simulated medium.
    public nonisolated var localStation: StationID { PortStation.id }

    private func attach(
        _ port: any LightPort, _ report: (@Sendable (SocketError?) -> Void)?
    ) -> EventLoopFuture<Void> {
        self.port = port
        portReport = report
        return port.open(on: loop) { event in self.assumeIsolated { $0.portHappened(event) } }
            .map { capabilities in
                self.assumeIsolated { host in
                    host.medium.portReported(.opened(capabilities))
                    host.tick()
                }
            }
    }

    private func portHappened(_ event: LightPortEvent) {
        guard !isClosed else { return }
        catchUp()
        switch event {
        case .received(let characters): medium.portReported(.received(characters))
        case .receivedFrame(let frame): medium.portReported(.receivedFrame(frame))
        case .transmitted: medium.portReported(.transmitted)
        case .lost(let error):
            trouble = error
            portReport?(error)
            medium.portReported(.lost)
            failPrograms { operation in
                SocketError(
                    .WSAENETDOWN, errno: .networkDown, operation: operation, reason: error.reason, advice: error.advice)
            }
            for station in medium.stations { medium.tell(station) { $0.disconnectLink(at: $1) } }
        case .back(let capabilities):
            trouble = nil
            portReport?(nil)
            medium.portReported(.back(capabilities))
        }
        tick()
    }

    /// Hands the port what the station wants of it.
    func commandPort() {
        for command in medium.takePortCommands() where trouble == nil {
            switch command {
            case .transmit(let transmission): port?.transmit(transmission)
            case .setRate(let rate): port?.setRate(rate)
            }
        }
    }
}
