/// The client of one OBEX transport connection: it asks, and the server answers, one packet each.
///
/// It does no I/O: hand it what arrives with `received`, and carry out the actions that every call returns. A request
/// ends with `OBEXClientEvent.ended`; there is one at a time.
public struct OBEXClient: Sendable {
    /// What a client is told at the start.
    public struct Configuration: Hashable, Sendable {
        /// The largest packet that the server may send, in bytes; 255 or more.
        public var maximumPacketLength: UInt16
        /// The largest packet to send, in bytes, however much more the server takes.
        public var largestSentPacket: Int
        /// How long the server may take for a response; nil: as long as it likes.
        public var responseTime: Duration?

        /// A configuration; without arguments one that suits fast infrared.
        ///
        /// - Parameters:
        ///   - maximumPacketLength: an abort waits for the packet that is under way, so the largest is not the best.
        ///   - largestSentPacket: seven full frames of IrLAP by default, as many as one turn holds.
        ///   - responseTime: there may be a person to answer at the other end.
        public init(
            maximumPacketLength: UInt16 = 32767, largestSentPacket: Int = 7 * 2039,
            responseTime: Duration? = .seconds(60)
        ) {
            self.maximumPacketLength = max(maximumPacketLength, UInt16(OBEXConnectFields.smallestMaximum))
            self.largestSentPacket = max(largestSentPacket, OBEXConnectFields.smallestMaximum)
            self.responseTime = responseTime
        }
    }

    /// What is under way. In all states but `idle`, `waitingForBody` and `closed` a response is outstanding.
    private enum State: Sendable {
        case idle
        case connecting(target: [UInt8]?)
        /// DISCONNECT or SETPATH: one packet each way.
        case asking(isDisconnect: Bool)
        case putting(OBEXPutProgress)
        case waitingForBody(OBEXPutProgress)
        /// The final packet has gone; `hasInsisted`: twice.
        case finishingPut(size: Int, hasInsisted: Bool)
        case getting(OBEXGetProgress)
        /// The user wants to abort, and the response to the packet before has not come yet.
        case abortWanted(WhenAborted)
        case aborting
        case closed
    }

    private enum WhenAborted: Sendable {
        case putting
        case finishingPut
        case getting
    }

    private let configuration: Configuration
    private var state = State.idle
    private var assembler: OBEXPacketAssembler
    /// What the server has said at CONNECT; nil before and after the session.
    public private(set) var connection: OBEXConnection?

    /// A client on a transport connection that is open.
    public init(configuration: Configuration = Configuration()) {
        self.configuration = configuration
        assembler = OBEXPacketAssembler(limit: Int(configuration.maximumPacketLength))
    }

    /// Whether a request can be made.
    public var isIdle: Bool {
        if case .idle = state { true } else { false }
    }

    /// The largest packet that may be sent now. Without a session it is 255 bytes (OBEX 1.3, 3.3.1.10).
    private var packetLimit: Int {
        min(connection?.maximumPacketLength ?? OBEXConnectFields.smallestMaximum, configuration.largestSentPacket)
    }

    // MARK: Requests

    /// Begins a session.
    ///
    /// - Parameters:
    ///   - target: the service that is wanted; nil: the inbox. Whether the server has it says `connection`.
    ///   - headers: further headers, such as Count and Length.
    /// - Throws: `OBEXClientUnavailable` while something else is under way.
    public mutating func connect(
        target: [UInt8]? = nil, headers: OBEXHeaders = []
    ) throws(OBEXClientUnavailable) -> [OBEXClientAction] {
        try checkIdle()
        var all = OBEXHeaders(target.map { [.target($0)] } ?? [])
        all.append(contentsOf: headers)
        let fields = OBEXConnectFields(maximumPacketLength: configuration.maximumPacketLength)
        if let failure = tooLargeForOnePacket(all, fields: 4) { return [.event(.ended(.failed(failure)))] }
        return send(.connect(fields, all), .connecting(target: target))
    }

    /// Ends the session; the transport stays open.
    ///
    /// - Throws: `OBEXClientUnavailable` while something else is under way.
    public mutating func disconnect() throws(OBEXClientUnavailable) -> [OBEXClientAction] {
        try checkIdle()
        return send(.disconnect(addressed([])), .asking(isDisconnect: true))
    }

    /// Changes the current folder.
    ///
    /// - Parameters:
    ///   - flags: up first, or without making it.
    ///   - name: the folder, one level; empty: the root; nil: none.
    /// - Throws: `OBEXClientUnavailable` while something else is under way.
    public mutating func setPath(
        _ flags: OBEXSetPathFlags, name: String?
    ) throws(OBEXClientUnavailable) -> [OBEXClientAction] {
        try checkIdle()
        let headers = addressed(OBEXHeaders(name.map { [.name($0)] } ?? []))
        if let failure = tooLargeForOnePacket(headers, fields: 2) { return [.event(.ended(.failed(failure)))] }
        return send(.setPath(flags, headers), .asking(isDisconnect: false))
    }

    /// Sends an object; its content is asked for with `bodyWanted`.
    ///
    /// - Parameter headers: what the object is: its Name, and Length and Type if known.
    /// - Throws: `OBEXClientUnavailable` while something else is under way.
    public mutating func put(_ headers: OBEXHeaders) throws(OBEXClientUnavailable) -> [OBEXClientAction] {
        try checkIdle()
        let headers = addressed(headers.withoutBody)
        if let failure = firstTooLarge(in: headers) { return [.event(.ended(.failed(failure)))] }
        return proceed(OBEXPutProgress(headers: headers))
    }

    /// Hands over what comes next of the object that is being sent; call it when `bodyWanted` has come.
    ///
    /// - Parameters:
    ///   - body: any number of bytes.
    ///   - isLast: whether this is the end of the object.
    /// - Returns: the actions; none if no object is waiting for its content.
    public mutating func supply(_ body: [UInt8], isLast: Bool) -> [OBEXClientAction] {
        guard case .waitingForBody(var put) = state else { return [] }
        put.supply(body, isLast: isLast)
        return proceed(put)
    }

    /// Asks for an object.
    ///
    /// - Parameter headers: which: its Name, its Type, or nothing for the default object.
    /// - Throws: `OBEXClientUnavailable` while something else is under way.
    public mutating func get(_ headers: OBEXHeaders) throws(OBEXClientUnavailable) -> [OBEXClientAction] {
        try checkIdle()
        let headers = addressed(headers)
        if let failure = firstTooLarge(in: headers) { return [.event(.ended(.failed(failure)))] }
        return proceed(OBEXGetProgress(headers: headers))
    }

    /// Ends the operation that is under way, if it has several packets; it is over when `ended` comes, and perhaps in time.
    public mutating func abort() -> [OBEXClientAction] {
        switch state {
        case .waitingForBody: return send(.abort([]), .aborting)
        case .putting: state = .abortWanted(.putting)
        case .finishingPut: state = .abortWanted(.finishingPut)
        case .getting: state = .abortWanted(.getting)
        case .idle, .connecting, .asking, .abortWanted, .aborting, .closed: break
        }
        return []
    }

    // MARK: What happens

    /// Takes bytes that have arrived.
    public mutating func received(_ bytes: [UInt8]) -> [OBEXClientAction] {
        if case .closed = state { return [] }
        assembler.append(bytes)
        var actions: [OBEXClientAction] = []
        do throws(OBEXPacketError) {
            while let packet = try assembler.next() {
                let answersConnect = if case .connecting = state { true } else { false }
                actions += answered(try OBEXResponse(packet: packet, answersConnect: answersConnect))
                if case .closed = state { break }
            }
        } catch {
            actions += fail(.malformedResponse(error))
        }
        return actions
    }

    /// The transport connection is gone.
    public mutating func transportClosed() -> [OBEXClientAction] {
        fail(.transportClosed)
    }

    /// The time for a response is over.
    public mutating func timerFired() -> [OBEXClientAction] {
        isAwaitingResponse ? fail(.noResponse(configuration.responseTime ?? .zero)) : []
    }

    // MARK: The works

    private var isAwaitingResponse: Bool {
        switch state {
        case .idle, .waitingForBody, .closed: false
        case .connecting, .asking, .putting, .finishingPut, .getting, .abortWanted, .aborting: true
        }
    }

    private func checkIdle() throws(OBEXClientUnavailable) {
        switch state {
        case .idle: break
        case .closed: throw .closed
        case .connecting, .asking, .putting, .waitingForBody, .finishingPut, .getting, .abortWanted, .aborting:
            throw .busy
        }
    }

    /// The headers of a request's first packet: a directed connection is named first (OBEX 1.3, 2.2.11).
    private func addressed(_ headers: OBEXHeaders) -> OBEXHeaders {
        guard let id = connection?.connectionID else { return headers }
        var all: OBEXHeaders = [.connectionID(id)]
        all.append(contentsOf: headers)
        return all
    }

    private func firstTooLarge(in headers: OBEXHeaders) -> OBEXClientFailure? {
        let room = packetLimit - OBEXPacket.headSize
        return headers.all.first { $0.size > room }.map { .headerTooLarge($0.id, size: $0.size, room: room) }
    }

    private func tooLargeForOnePacket(_ headers: OBEXHeaders, fields: Int) -> OBEXClientFailure? {
        let room = packetLimit - OBEXPacket.headSize - fields
        guard headers.size > room, let largest = headers.all.max(by: { $0.size < $1.size }) else { return nil }
        return .headerTooLarge(largest.id, size: headers.size, room: room)
    }

    private mutating func send(_ request: OBEXRequest, _ next: State) -> [OBEXClientAction] {
        state = next
        let timer = configuration.responseTime.map { OBEXClientAction.startTimer($0) }
        return [.send(request.bytes)] + (timer.map { [$0] } ?? [])
    }

    private mutating func end(_ outcome: OBEXOutcome) -> [OBEXClientAction] {
        state = .idle
        return (configuration.responseTime == nil ? [] : [.stopTimer]) + [.event(.ended(outcome))]
    }

    private mutating func fail(_ failure: OBEXClientFailure) -> [OBEXClientAction] {
        switch state {
        case .closed: return []
        case .idle:
            // Nothing is asked, so nobody is told; the next request is refused.
            state = .closed
            connection = nil
            return [.close]
        case .connecting, .asking, .putting, .waitingForBody, .finishingPut, .getting, .abortWanted, .aborting:
            let actions = end(.failed(failure))
            state = .closed
            connection = nil
            return [.close] + actions
        }
    }

    /// Sends the next packet of an object, or asks for more of it.
    private mutating func proceed(_ put: OBEXPutProgress) -> [OBEXClientAction] {
        var put = put
        switch put.next(room: packetLimit - OBEXPacket.headSize) {
        case .packet(let headers, isFinal: false): return send(.put(isFinal: false, headers), .putting(put))
        case .packet(let headers, isFinal: true):
            return send(.put(isFinal: true, headers), .finishingPut(size: put.sent, hasInsisted: false))
        case .wait(let room):
            state = .waitingForBody(put)
            return (configuration.responseTime == nil ? [] : [.stopTimer]) + [.event(.bodyWanted(room))]
        }
    }

    private mutating func proceed(_ get: OBEXGetProgress) -> [OBEXClientAction] {
        var get = get
        let (headers, isFinal) = get.next(room: packetLimit - OBEXPacket.headSize)
        return send(.get(isFinal: isFinal, headers), .getting(get))
    }

    private mutating func answered(_ response: OBEXResponse) -> [OBEXClientAction] {
        let code = response.code
        switch state {
        case .idle, .waitingForBody: return fail(.unexpectedResponse(code))
        case .closed: return []
        case .connecting(let target):
            guard code.isSuccess else { return refused(response) }
            connection = Self.connection(response, target: target)
            return end(.success(response.headers))
        case .asking(let isDisconnect):
            guard code.isSuccess else { return refused(response) }
            if isDisconnect { connection = nil }
            return end(.success(response.headers))
        case .putting(let put):
            // Some servers say "success" for "go on" (Windows 2000); the last answer decides.
            guard code == .continue || code.isSuccess else { return refused(response) }
            return [.event(.progress(sent: put.sent))] + proceed(put)
        case .finishingPut(let size, let hasInsisted):
            if code == .continue, !hasInsisted {
                // It has not noticed that this was the end.
                return send(
                    .put(isFinal: true, [.endOfBody([])]), .finishingPut(size: size, hasInsisted: true))
            }
            if code == .continue { return fail(.unexpectedResponse(code)) }
            guard code.isSuccess else { return refused(response) }
            return [.event(.progress(sent: size))] + end(.success(response.headers.withoutBody))
        case .getting(let get): return got(response, get)
        case .abortWanted(let operation): return answeredBeforeAbort(response, operation)
        case .aborting:
            if code == .continue { return [] }  // It crossed the ABORT.
            return code.isSuccess ? end(.aborted) : fail(.unexpectedResponse(code))
        }
    }

    private mutating func got(_ response: OBEXResponse, _ get: OBEXGetProgress) -> [OBEXClientAction] {
        var get = get
        guard response.code == .continue || response.code.isSuccess else { return refused(response) }
        let body = response.headers.body ?? []
        let headers = response.headers.withoutBody
        guard response.code == .continue else {
            return [.event(.received(headers, body: body))] + end(.success(headers))
        }
        guard get.isPatient(with: response.headers) else { return fail(.endlessResponse) }
        return (response.headers.all.isEmpty ? [] : [.event(.received(headers, body: body))]) + proceed(get)
    }

    private mutating func answeredBeforeAbort(
        _ response: OBEXResponse, _ operation: WhenAborted
    ) -> [OBEXClientAction] {
        let code = response.code
        switch operation {
        case .putting where code == .continue || code.isSuccess,
            .finishingPut where code == .continue, .getting where code == .continue:
            return send(.abort([]), .aborting)
        case .putting: return refused(response)
        case .finishingPut, .getting:
            // Too late: it is over.
            return code.isSuccess ? end(.success(response.headers.withoutBody)) : refused(response)
        }
    }

    private mutating func refused(_ response: OBEXResponse) -> [OBEXClientAction] {
        end(.refused(response.code, explanation: response.headers.description?.readableString))
    }

    private static func connection(_ response: OBEXResponse, target: [UInt8]?) -> OBEXConnection {
        let fields = response.connectFields
        // Many servers accept any target and are the inbox all the same (OBEX 1.3, 3.3.1.6).
        let isDirected = target != nil && response.headers.who == target
        return OBEXConnection(
            maximumPacketLength: fields?.usableMaximum ?? OBEXConnectFields.smallestMaximum,
            takesSeveralConnections: (fields?.flags ?? 0) & OBEXConnectFields.takesSeveralConnections != 0,
            connectionID: isDirected ? response.headers.connectionID : nil)
    }
}
