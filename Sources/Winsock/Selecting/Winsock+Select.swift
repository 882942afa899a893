public import SocketBackends

extension Winsock {
    /// Waits until at least one of the sockets is ready as asked, and tells which are (select). Sockets of several families may be mixed.
    ///
    /// A socket that is named twice in a set counts once. One that another thread closes meanwhile ends the wait: it is told as readable
    /// if that was asked.
    ///
    /// - Parameters:
    ///   - sets: the sockets to look at, each in the set of what it is looked at for.
    ///   - timeout: nil for ever, zero for a look.
    /// - Returns: the sockets that are ready, in the order in which they were asked for; none when the time is over.
    /// - Throws: WSANOTINITIALISED; WSAEINVAL if all sets are empty or the time is negative; WSAENOTSOCK if one is no socket, or is closed
    ///   meanwhile and was not to be read; WSAENOBUFS or WSAEMFILE if the system has no room to wait.
    public func select(_ sets: SocketSets, timeout: Duration?) throws(SocketError) -> SocketSets {
        let handles = sets.sockets
        func operation() -> String { "select among \(handles.count) sockets" }
        return try recordingFailure { () throws(SocketError) in
            try requireRunning(for: operation())
            guard !handles.isEmpty else {
                throw SocketError(
                    .WSAEINVAL, operation: operation(), reason: "all sets are empty",
                    advice: "select cannot be used to sleep.")
            }
            try checkNotNegative(timeout, for: operation())
            let wanted = sets.conditions
            var members: [SocketWait.Member] = []
            for handle in handles {
                let socket = try find(handle, for: operation())
                try socket.current().checkUsable(for: operation())
                members.append(SocketWait.Member(socket: socket, readiness: wanted[handle, default: []].readiness))
            }
            let wait = SocketWait(
                members: members, looksAhead: false, blockingCalls: blockingCalls, operation: operation())
            let found = try wait.wait(until: .end(of: timeout)) { member, condition throws(SocketError) in
                let wanted = wanted[handles[member], default: []]
                guard let condition else {
                    if wanted.contains(.read) { return SelectConditions.read }
                    throw noSocket(handles[member], operation())
                }
                let conditions = condition.selectConditions.intersection(wanted)
                return conditions.isEmpty ? nil : conditions
            }
            var ready: [SocketHandle: SelectConditions] = [:]
            for (handle, conditions) in zip(handles, found) { ready[handle] = conditions }
            return sets.filter(ready)
        }
    }

    func checkNotNegative(_ timeout: Duration?, for operation: String) throws(SocketError) {
        if let timeout, timeout < .zero {
            throw SocketError(
                .WSAEINVAL, operation: operation, reason: "the time is negative",
                advice: "Pass nil to wait for ever, zero for a look.")
        }
    }
}

extension SocketSets {
    /// What is asked of each socket.
    fileprivate var conditions: [SocketHandle: SelectConditions] {
        var conditions: [SocketHandle: SelectConditions] = [:]
        for handle in read { conditions[handle, default: []].insert(.read) }
        for handle in write { conditions[handle, default: []].insert(.write) }
        for handle in except { conditions[handle, default: []].insert(.except) }
        return conditions
    }

    /// The sockets that are ready as asked.
    fileprivate func filter(_ ready: [SocketHandle: SelectConditions]) -> Self {
        func among(_ handles: [SocketHandle], _ condition: SelectConditions) -> [SocketHandle] {
            handles.withoutRepetition.filter { ready[$0]?.contains(condition) == true }
        }
        return SocketSets(read: among(read, .read), write: among(write, .write), except: among(except, .except))
    }
}

extension SelectConditions {
    fileprivate var readiness: Readiness {
        var readiness: Readiness = []
        if contains(.read) { readiness.insert(.readable) }
        if contains(.write) { readiness.insert(.writable) }
        if contains(.except) { readiness.insert(.urgent) }
        return readiness
    }
}
