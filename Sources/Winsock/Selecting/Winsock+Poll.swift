public import SocketBackends

extension Winsock {
    /// Waits until at least one of the sockets is ready as asked, and tells how each stands (WSAPoll).
    ///
    /// What is no socket, or is closed meanwhile, is told as POLLNVAL; what has a negative number (INVALID_SOCKET) is left out.
    ///
    /// - Parameters:
    ///   - requests: the sockets, and what is asked of each.
    ///   - timeout: nil or negative for ever, zero for a look.
    /// - Returns: what holds of each, in the order of the requests; nothing of any when the time is over.
    /// - Throws: WSANOTINITIALISED; WSAEINVAL without any request for an open socket, or if one asks for what cannot be asked for; WSAENOBUFS
    ///   or WSAEMFILE if the system has no room to wait.
    public func poll(_ requests: [PollRequest], timeout: Duration?) throws(SocketError) -> [PollEvents] {
        func operation() -> String { "poll \(requests.count) sockets" }
        return try recordingFailure { () throws(SocketError) in
            try requireRunning(for: operation())
            guard requests.allSatisfy({ PollEvents.requestable.isSuperset(of: $0.events) }) else {
                throw SocketError(
                    .WSAEINVAL, operation: operation(), reason: "something cannot be asked for",
                    advice: "POLLRDNORM, POLLRDBAND and POLLWRNORM can.")
            }
            var answers = [PollEvents](repeating: [], count: requests.count)
            var members: [SocketWait.Member] = []
            var positions: [Int] = []
            for (position, request) in requests.enumerated() where !request.isIgnored {
                do throws(SocketError) {
                    let socket = try find(request.socket, for: operation())
                    members.append(SocketWait.Member(socket: socket, readiness: request.events.readiness))
                    positions.append(position)
                } catch  where error.code == .WSAENOTSOCK {
                    answers[position] = .invalid
                }
            }
            guard !members.isEmpty else {
                throw SocketError(.WSAEINVAL, operation: operation(), reason: "there is no open socket among them")
            }
            // If one is answered already, the others are only looked at.
            let isAnswered = answers.contains { !$0.isEmpty }
            let patience = isAnswered ? .zero : timeout.flatMap { $0 < .zero ? nil : $0 }
            let wait = SocketWait(
                members: members, looksAhead: true, blockingCalls: blockingCalls, operation: operation())
            let found = try wait.wait(until: .end(of: patience)) { member, condition -> PollEvents? in
                let events = condition?.pollEvents(among: requests[positions[member]].events) ?? .invalid
                return events.isEmpty ? nil : events
            }
            for (position, events) in zip(positions, found) { answers[position] = events ?? [] }
            return answers
        }
    }
}
