import IrDAProtocol
import NIOCore
public import SocketBackends

// The end of a host.
extension StationHost {
    /// Lets what programs have written go out, ends all links and the programs of `exec:` services, and stops the clock.
    ///
    /// - Parameter patience: how long the first may take on the medium.
    /// - Throws: WSAENETDOWN if the process is ending already.
    public nonisolated func close(patience: Duration = .seconds(60)) throws(SocketError) {
        let operation = "close the station"
        let deadline = try onLoop(for: operation) { host in
            host.catchUp()
            return .success(host.medium.now.advanced(by: patience))
        }
        try wait(for: operation) { host in
            host.isClosed || host.trouble != nil || host.medium.now >= deadline
                || !host.programs.values.contains { $0.endpoint?.isLeft == true }
        }
        try onLoop(for: operation) { host in
            host.endLinks(by: deadline)
            return .success(())
        }
        try wait(for: operation) { host in host.isClosed || host.linksHaveEnded }
        try onLoop(for: operation) { host in
            host.finish()
            return .success(())
        }
        try wait(for: operation) { host in host.runners.isEmpty && host.port == nil }
    }

    /// Ends every link, as when a station is switched off.
    private func endLinks(by deadline: IrDAInstant) {
        guard !isClosed else { return }
        catchUp()
        let isSimulated = port == nil
        // Nobody is waited for any more, so on a simulated medium it happens at once.
        if isSimulated { hurry(until: deadline) { !$0.isBusy } }
        let stations = medium.stations
        for station in stations { medium.tell(station) { $0.disconnectLink(at: $1) } }
        let end = medium.now.advanced(by: Self.disconnectTime)
        endOfLinks = end
        if isSimulated {
            hurry(until: end) { medium in stations.allSatisfy { medium.stack(of: $0).peer == nil } }
        }
        tick()
    }

    /// Lets the medium run ahead of the wall's clock.
    private func hurry(until limit: IrDAInstant, or holds: (any StationMedium) -> Bool) {
        while !holds(medium), medium.step(until: limit) {}
        deliverEvents()
    }

    private var linksHaveEnded: Bool {
        trouble != nil || medium.stations.allSatisfy { medium.stack(of: $0).peer == nil }
            || endOfLinks.map { medium.now >= $0 } ?? true || port == nil
    }

    /// A DISC and its repetitions take no longer.
    private static let disconnectTime = Duration.seconds(5)

    private func finish() {
        guard !isClosed else { return }
        deliverEvents()
        stopClock()
        abandonPrograms()
        watcher = nil
        guard let port else { return }
        port.close().whenComplete { _ in
            self.assumeIsolated { host in
                host.port = nil
                host.releaseWaiters()
            }
        }
    }

    /// Tells everybody who is waiting that there is no station any more.
    private func abandonPrograms() {
        failPrograms { Self.closedError($0) }
        listeners = [:]
        for runner in runners.values { runner.cancel() }
    }

    /// Ends whatever programs are doing with an error.
    func failPrograms(with error: (_ operation: String) -> SocketError) {
        let failed = (opening, programs, discoveries, queries, deviceWaits)
        let waits = linkWaits.values.joined()
        (opening, programs, discoveries, queries, deviceWaits) = ([:], [:], [:], [:], [:])
        linkWaits = [:]
        for (connection, opening) in failed.0 {
            opening.endpoint.failed(error(opening.operation))
            medium.tell(connection.station) { $0.disconnect(connection.connection, at: $1) }
        }
        for (connection, program) in failed.1 {
            program.endpoint?.broke(error("use the connection"))
            program.way?.abandon()
            program.endpoint?.peerLeft(by: self)
            medium.tell(connection.station) { $0.disconnect(connection.connection, at: $1) }
        }
        for handler in failed.2.values.joined() { handler(self, .failure(error("discover infrared devices"))) }
        for (wait, handler) in failed.4 {
            medium.tell(wait.station) { stack, _ in stack.cancelWait(wait.wait) }
            handler(self, nil)
        }
        for handler in failed.3.values { handler(self, .failure(error("ask an information base"))) }
        // There is no link any more.
        for handler in waits { handler(self) }
    }
}
