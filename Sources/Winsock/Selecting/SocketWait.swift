import Glibc
import SocketBackends
import SystemPackage

/// A call that waits on several sockets at once, on the thread that makes it.
///
/// The descriptors alone do not tell when to look: one that is not connected yet is ready for anything in Linux, and closing does not end
/// poll(2). So the call observes the sockets as well, leaves those out that nothing can be expected of, and looks anew at every change.
struct SocketWait {
    struct Member {
        let socket: OpenSocket
        /// What to wait for once the socket is connected.
        let readiness: Readiness
    }

    let members: [Member]
    /// Whether to find out if data or the end of the stream has arrived; otherwise either is something.
    let looksAhead: Bool
    let blockingCalls: BlockingCalls
    let operation: String

    /// Waits until `answer` has something to say of at least one member, or for the deadline; what it says, by member.
    ///
    /// - Parameter answer: told how a member stands, nil if it was closed; nil to wait on.
    /// - Throws: what `answer` throws; WSAEINTR if it is called off (rule R22); WSAENOBUFS or WSAEMFILE if the system has no room to wait.
    func wait<Answer>(
        until deadline: ContinuousClock.Instant?,
        _ answer: (_ member: Int, SocketCondition?) throws(SocketError) -> Answer?
    ) throws(SocketError) -> [Answer?] {
        let descriptors = members.map { try? HeldDescriptor($0.socket.backend.descriptor, for: operation) }
        let (first, _) = try look(descriptors, answer)
        if first.contains(where: { $0 != nil }) { return first }
        if let deadline, deadline <= .now { return first }
        let signal = try SharedSignal(for: operation)
        for member in members { member.socket.addObserver(signal) }
        defer { for member in members { member.socket.removeObserver(signal) } }
        return try blockingCalls.during(operation) { call throws(SocketError) in
            while true {
                signal.signal.lower()
                // Again after the entry: what changed in between has raised nothing.
                let (answers, conditions) = try look(descriptors, answer)
                if answers.contains(where: { $0 != nil }) { return answers }
                var watched = members.indices.map { entry(members[$0], descriptors[$0], conditions[$0]) }
                let isOver = try signal.signal.withDescriptor { signal throws(SocketError) in
                    watched.append(pollfd(signal, .readable))
                    let hook = blockingCalls.hook
                    return try !awaitReadiness(of: &watched, until: deadline, in: call, hook: hook, for: operation)
                }
                if isOver { return answers }
            }
        }
    }

    private func look<Answer>(
        _ descriptors: [HeldDescriptor?], _ answer: (Int, SocketCondition?) throws(SocketError) -> Answer?
    ) throws(SocketError) -> ([Answer?], [SocketCondition?]) {
        let lifecycles = members.map { $0.socket.current() }
        var watched = descriptors.map { pollfd($0, [.readable, .writable, .urgent]) }
        _ = try awaitReadiness(of: &watched, until: .now, for: operation)
        var answers: [Answer?] = []
        var conditions: [SocketCondition?] = []
        for (number, member) in members.enumerated() {
            let condition = condition(of: member.socket, lifecycles[number], watched[number].readiness)
            conditions.append(condition)
            answers.append(try answer(number, condition))
        }
        return (answers, conditions)
    }

    private func condition(
        of socket: OpenSocket, _ lifecycle: ConnectLifecycle, _ readiness: Readiness
    ) -> SocketCondition? {
        guard !socket.interruption.isRaised else { return nil }
        let condition = socket.condition(lifecycle, readiness)
        return looksAhead ? socket.lookingAhead(condition, lifecycle) : condition
    }

    /// What poll(2) is to wait for, of a member that has nothing to answer.
    private func entry(
        _ member: Member, _ descriptor: HeldDescriptor?, _ condition: SocketCondition?
    ) -> pollfd {
        guard let condition, !condition.isBroken else { return pollfd(nil, []) }
        switch condition.phase {
        case .idle:
            return pollfd(nil, [])
        case .connecting:
            return pollfd(descriptor, .writable)
        case .listening:
            return pollfd(descriptor, member.readiness.intersection(.readable))
        case .connected, .datagram:
            let isInLine = member.socket.settings.hasUrgentDataInLine
            return pollfd(descriptor, isInLine ? member.readiness.subtracting(.urgent) : member.readiness)
        }
    }
}

extension pollfd {
    /// An entry for a descriptor, or one that poll(2) leaves out.
    fileprivate init(_ descriptor: HeldDescriptor?, _ readiness: Readiness) {
        guard let descriptor else {
            self.init(fd: -1, events: 0, revents: 0)
            return
        }
        self = descriptor.hold.withDescriptor { pollfd($0, readiness) }
    }
}
