import SocketBackends
import Synchronization

extension OpenSocket {
    // MARK: - What the program does

    /// Selects events in place of all that was selected before (rule E3), and tells what holds already (rule E4). The socket does not
    /// block from now on (rule E1).
    ///
    /// - Throws: WSAENOTSOCK if the socket is closed meanwhile; WSAENOBUFS if the kernel cannot watch more.
    func select(
        _ events: NetworkEvents, for receiver: NetworkEventReceiver, by monitor: ReadinessMonitor
    ) throws(SocketError) {
        let former = withState { state in
            state.settings.isNonBlocking = true  // rule E1
            return state.notification.select(events, for: receiver, by: monitor)
        }
        former?.end()
        try lookAround()
    }

    /// Selects nothing any more. The socket does not block all the same (rule E1).
    func selectNothing() {
        withState { $0.settings.isNonBlocking = true }
        endSelection()
    }

    /// Rules E11, E12: nobody is told of anything any more.
    func endSelection() {
        let former = withState { $0.notification.selectNothing() }
        former?.end()
    }

    /// The same, if this feed is still the one that is told.
    func endSelection(of feed: NetworkEventFeed) {
        withState { state in
            switch state.notification.receiver {
            case .sequence(feed): _ = state.notification.selectNothing()
            case .sequence, .eventObject, .messages, nil: break
            }
        }
    }

    /// Takes over the listener's selection (rule E13).
    func inheritSelection(from listener: OpenSocket, as accepted: SocketHandle) {
        let notification = listener.withState { $0.notification }
        withState { $0.notification.inherit(from: notification, as: accepted) }
        notify()
    }

    /// Receives, which lets the program be told of more to receive, also if it fails.
    func receiving<Answer>(_ body: () throws(SocketError) -> Answer) throws(SocketError) -> Answer {
        defer { called(.receive) }
        return try body()
    }

    /// Accepts, which lets the program be told of another connection, also if it fails.
    func accepting<Answer>(_ body: () throws(SocketError) -> Answer) throws(SocketError) -> Answer {
        defer { called(.accept) }
        return try body()
    }

    /// Sends; if there was no room for all, the program is told when there is.
    func sending(_ count: Int, _ body: () throws(SocketError) -> Int) throws(SocketError) -> Int {
        do throws(SocketError) {
            let sent = try body()
            if sent < count {
                called(.blockedSend)
            } else if !kind.isConnectionOriented {
                notify()  // the call may have bound the socket (rule R12a)
            }
            return sent
        } catch {
            if error.code == .WSAEWOULDBLOCK { called(.blockedSend) }
            throw error
        }
    }

    private func called(_ call: NetworkEventRecord.Call) {
        let isSelecting = withState { state in
            state.notification.called(call)
            return state.notification.record.isSelecting
        }
        if isSelecting { tell() }
    }

    // MARK: - What happens to the socket

    /// The socket stands differently than before: whoever waits looks anew, and whoever wants to be told is.
    func changed() {
        let (observers, isSelecting) = withState { ($0.observers.signals, $0.notification.record.isSelecting) }
        for observer in observers { observer.signal.raise() }
        if isSelecting { tell() }
    }

    /// Tells the program what there is to tell, if it wants to be told anything.
    private func notify() {
        if withState({ $0.notification.record.isSelecting }) { tell() }
    }

    private func tell() {
        // Fails if the socket is being closed, or for want of memory in the kernel; then the next call on the socket tries again.
        try? lookAround()
    }

    /// Looks how the socket stands, reports, and has it watched for the next change. What others do with the socket meanwhile makes it
    /// look again, so that nothing is told that a call has answered to before.
    private func lookAround() throws(SocketError) {
        while true {
            if settled().hasChanged { wakeObservers() }
            let (record, generation, lifecycle) = withState { state in
                (state.notification.record, state.notification.generation, state.lifecycle)
            }
            guard record.isSelecting else { return }
            let phase = phase(lifecycle)
            let condition =
                record.dependsOnReadiness(in: phase)
                ? try condition(lifecycle, for: "look for network events") : SocketCondition(phase: phase)
            let isDone = try withState { state throws(SocketError) in
                guard state.notification.generation == generation else { return false }
                try state.notification.observe(condition, of: backend.descriptor, watchEnded)
                return true
            }
            if isDone { return }
        }
    }

    /// What the monitor calls; nothing is done for a socket that nobody has any more.
    private var watchEnded: @Sendable (Int) -> Void {
        { [weak self] number in
            self?.withState { $0.notification.watchEnded(number) }
            self?.notify()
        }
    }

    // MARK: - Calls that wait on several sockets

    /// Raises the signal at every change, until it is taken back.
    func addObserver(_ signal: SharedSignal) {
        withState { $0.observers[ObjectIdentifier(signal)] = signal }
    }

    func removeObserver(_ signal: SharedSignal) {
        withState { $0.observers[ObjectIdentifier(signal)] = nil }
    }

    func wakeObservers() {
        let observers = withState { $0.observers.signals }
        for observer in observers { observer.signal.raise() }
    }
}

extension [ObjectIdentifier: SharedSignal] {
    /// Those to raise; most sockets have none.
    fileprivate var signals: [SharedSignal] { isEmpty ? [] : Array(values) }
}
