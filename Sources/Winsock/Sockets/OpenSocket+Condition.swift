import Glibc
import SocketBackends
import Synchronization
import SystemPackage

extension OpenSocket {
    /// How the socket stands, without changing anything of it.
    ///
    /// - Parameter lifecycle: the life cycle that `settled` answered.
    /// - Throws: WSAENOTSOCK if the socket is closed.
    func condition(_ lifecycle: ConnectLifecycle, for operation: @autoclosure () -> String) throws(SocketError)
        -> SocketCondition
    {
        lookingAhead(condition(lifecycle, try readiness(for: operation())), lifecycle)
    }

    /// Finds out whether data or the end of the stream has arrived.
    func lookingAhead(_ condition: SocketCondition, _ lifecycle: ConnectLifecycle) -> SocketCondition {
        var condition = condition
        // After a shutdown of receiving the kernel shows an end that is not the peer's.
        if condition.phase == .connected, condition.arrival != .nothing, !lifecycle.ended.contains(.receive) {
            condition.arrival = nextArrival(isBroken: condition.isBroken)
        }
        return condition
    }

    /// The same, from what the descriptor was found ready for; whether data or the end has arrived is not looked at.
    func condition(_ lifecycle: ConnectLifecycle, _ readiness: Readiness) -> SocketCondition {
        let isBroken = readiness.contains(.broken)
        let isUrgent = readiness.contains(.urgent) && !settings.hasUrgentDataInLine
        return SocketCondition(
            phase: phase(lifecycle),
            arrival: readiness.contains(.readable) || isBroken ? .something : .nothing,
            hasRoom: readiness.contains(.writable) || isBroken, hasUrgentData: isUrgent, isBroken: isBroken,
            hasFailedConnect: lifecycle.hasFailedConnect)
    }

    /// The phase of the socket.
    func phase(_ lifecycle: ConnectLifecycle) -> SocketCondition.Phase {
        lifecycle.phase(isBound: isBound(lifecycle))
    }

    /// Asked of datagram sockets only: a stream socket says enough by its state.
    private func isBound(_ lifecycle: ConnectLifecycle) -> Bool {
        switch lifecycle.state {
        case .datagram(.none): (try? backend.localAddress()) != nil
        case .datagram(.peer), .datagram(.dissolved): true
        case .unconnected, .starting, .connecting, .connected, .failed, .openingListener, .listening, .abandoned: true
        }
    }

    private func readiness(for operation: @autoclosure () -> String) throws(SocketError) -> Readiness {
        try backend.descriptor.withDescriptor(for: operation()) { descriptor throws(SocketError) in
            var watched = [pollfd(descriptor, [.readable, .writable, .urgent])]
            _ = try awaitReadiness(of: &watched, until: .now, for: operation())
            return watched[0].readiness
        }
    }

    /// What a receive on a connection would meet.
    private func nextArrival(isBroken: Bool) -> SocketCondition.Arrival {
        var bytes: [UInt8] = [0]
        var span = bytes.mutableSpan
        var room = span.mutableBytes
        do throws(SocketError) {
            return try backend.receive(into: &room, flags: .peek) > 0 ? .something : .end(.NO_ERROR)
        } catch {
            switch error.code {
            case .WSAEWOULDBLOCK: return isBroken ? .end(.NO_ERROR) : .nothing
            case .WSAEMSGSIZE: return .something
            case .WSAEOPNOTSUPP: return isBroken ? .end(.NO_ERROR) : .something  // the family cannot look ahead
            default: return .end(error.code)
            }
        }
    }
}
