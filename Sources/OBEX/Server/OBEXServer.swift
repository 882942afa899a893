/// The server of one OBEX transport connection: an inbox, and a few objects to give away.
///
/// It does no I/O: hand it what arrives with `received`, and carry out the actions that every call returns. An object that
/// begins or ends waits for `accept` or `refuse`; until then nothing is answered, so a slow disk or a person is felt by
/// the client. Everything else it decides by itself: folders, deletion and files to fetch are refused.
public struct OBEXServer: Sendable {
    /// What a server permits.
    public struct Configuration: Hashable, Sendable {
        /// The largest packet that the client may send, in bytes; 255 or more.
        public var maximumPacketLength: UInt16
        /// The largest packet to send, in bytes, however much more the client takes.
        public var largestSentPacket: Int
        /// Whether clients are told that others may be connected at the same time.
        public var takesSeveralConnections: Bool
        /// The most bytes of one object.
        public var maximumObjectSize: Int
        /// The most objects of one connection.
        public var maximumObjects: Int
        /// What a GET by type gives; the first is what a GET of nothing in particular gives.
        public var defaultObjects: [OBEXDefaultObject]

        /// A configuration.
        public init(
            maximumPacketLength: UInt16 = 32767, largestSentPacket: Int = 7 * 2039,
            takesSeveralConnections: Bool = true, maximumObjectSize: Int = .max, maximumObjects: Int = .max,
            defaultObjects: [OBEXDefaultObject] = []
        ) {
            self.maximumPacketLength = max(maximumPacketLength, UInt16(OBEXConnectFields.smallestMaximum))
            self.largestSentPacket = max(largestSentPacket, OBEXConnectFields.smallestMaximum)
            self.takesSeveralConnections = takesSeveralConnections
            self.maximumObjectSize = maximumObjectSize
            self.maximumObjects = maximumObjects
            self.defaultObjects = defaultObjects
        }
    }

    private enum State: Sendable {
        case idle
        case putting(OBEXPutReception)
        /// The user is asked whether to take the object; its first part waits.
        case asking(OBEXPutReception, firstPart: [UInt8], isFinal: Bool)
        /// The user is asked whether all of it is kept.
        case keeping
        /// The headers of a GET come in.
        case getRequest(OBEXHeaders, packets: Int)
        case getting(OBEXGetAnswer)
        case closed
    }

    private let configuration: Configuration
    private var state = State.idle
    private var assembler: OBEXPacketAssembler
    /// The largest packet that the client takes. Without a session it is 255 bytes (OBEX 1.3, 3.3.1.10).
    private var clientMaximum = OBEXConnectFields.smallestMaximum
    private var objects = 0

    /// What the names of IrMC begin with (OBEX 1.3, 8.3).
    static let phoneBookPrefix = "telecom/"
    /// The most bytes of headers that describe one object, and the most packets without any of its content.
    private static let mostHeaderBytes = 65536
    private static let mostPacketsOfHeaders = 64

    /// A server on a transport connection that is open.
    public init(configuration: Configuration = Configuration()) {
        self.configuration = configuration
        assembler = OBEXPacketAssembler(limit: Int(configuration.maximumPacketLength))
    }

    // MARK: What happens

    /// Takes bytes that have arrived.
    public mutating func received(_ bytes: [UInt8]) -> [OBEXServerAction] {
        if case .closed = state { return [] }
        assembler.append(bytes)
        return work()
    }

    /// The transport connection is gone.
    public mutating func transportClosed() -> [OBEXServerAction] {
        let actions = drop(.transportClosed)
        state = .closed
        return actions
    }

    // MARK: The user's answers

    /// Takes the object that begins, or has kept the one that ends. Nothing happens if nothing was asked.
    public mutating func accept() -> [OBEXServerAction] {
        switch state {
        case .asking(let put, let part, let isFinal):
            state = .putting(put)
            return takePart(part, isFinal: isFinal, put) + work()
        case .keeping:
            state = .idle
            return answer(.success) + work()
        case .idle, .putting, .getRequest, .getting, .closed: return []
        }
    }

    /// Does not take the object that begins, or could not keep the one that ends. Nothing happens if nothing was asked.
    ///
    /// - Parameters:
    ///   - code: why.
    ///   - explanation: why, in words for the person at the other end.
    public mutating func refuse(_ code: OBEXResponseCode, explanation: String? = nil) -> [OBEXServerAction] {
        switch state {
        case .asking, .keeping:
            state = .idle
            return answer(code, OBEXHeaders(explanation.map { [.description($0)] } ?? [])) + work()
        case .idle, .putting, .getRequest, .getting, .closed: return []
        }
    }

    // MARK: The works

    private var isAwaitingUser: Bool {
        switch state {
        case .asking, .keeping: true
        case .idle, .putting, .getRequest, .getting, .closed: false
        }
    }

    /// Deals with the packets that are there, until the user is asked something.
    private mutating func work() -> [OBEXServerAction] {
        var actions: [OBEXServerAction] = []
        while !isAwaitingUser {
            if case .closed = state { break }
            do throws(OBEXPacketError) {
                guard let packet = try assembler.next() else { break }
                do throws(OBEXPacketError) {
                    actions += requested(try OBEXRequest(packet: packet))
                } catch {
                    // The border of the packet is known, so the next one can be read.
                    actions += dropAndRefuse(.badRequest)
                }
            } catch {
                actions += dropAndRefuse(.badRequest) + [.close]
                state = .closed
            }
        }
        return actions
    }

    private mutating func requested(_ request: OBEXRequest) -> [OBEXServerAction] {
        switch (request, state) {
        case (_, .closed), (_, .asking), (_, .keeping): return []  // Not read in these states.
        case (.abort, _): return drop(.aborted) + answer(.success)
        case (.put(let isFinal, let headers), .idle):
            return put(headers, isFinal: isFinal, OBEXPutReception())
        case (.put(let isFinal, let headers), .putting(let put)): return self.put(headers, isFinal: isFinal, put)
        case (.get(let isFinal, let headers), .idle): return get(headers, isFinal: isFinal, packets: 1)
        case (.get(let isFinal, let more), .getRequest(let headers, let packets)):
            var all = headers
            all.append(contentsOf: more)
            return get(all, isFinal: isFinal, packets: packets + 1)
        case (.get(isFinal: true, _), .getting(let answer)): return give(answer)
        case (.connect(let fields, let headers), .idle): return connect(fields, headers)
        case (.connect, _): return dropAndRefuse(.badRequest, connectFields)
        case (.disconnect(let headers), .idle):
            // Directed connections are not offered, so no number is one.
            if headers.connectionID != nil { return answer(.serviceUnavailable) }
            clientMaximum = OBEXConnectFields.smallestMaximum
            return answer(.success) + [.event(.disconnected)]
        case (.setPath(let flags, let headers), .idle): return setPath(flags, headers)
        case (.session, .idle), (.unknown, .idle): return answer(.notImplemented)
        case (.put, _), (.get, _), (.disconnect, _), (.setPath, _), (.session, _), (.unknown, _):
            return dropAndRefuse(.badRequest)
        }
    }

    private var connectFields: OBEXConnectFields {
        OBEXConnectFields(
            flags: configuration.takesSeveralConnections ? OBEXConnectFields.takesSeveralConnections : 0,
            maximumPacketLength: configuration.maximumPacketLength)
    }

    private mutating func connect(_ fields: OBEXConnectFields, _ headers: OBEXHeaders) -> [OBEXServerAction] {
        clientMaximum = fields.usableMaximum
        // Whoever says who he is gets his answer addressed (OBEX 1.3, 3.3.1.6); whatever he wants, this is the inbox.
        var answer = OBEXHeaders()
        if let who = headers.who, who.count <= 64 { answer.append(.target(who)) }
        return [
            .send(OBEXResponse(.success, connectFields: connectFields, answer).bytes), .event(.connected),
        ]
    }

    /// There is only the root here: going there is granted, going elsewhere not.
    private func setPath(_ flags: OBEXSetPathFlags, _ headers: OBEXHeaders) -> [OBEXServerAction] {
        switch headers.name?.string {
        case "": answer(.success)
        case nil where headers.name == nil: answer(flags.contains(.up) ? .notFound : .badRequest)
        case nil: answer(.badRequest)
        case .some: answer(flags.contains(.doNotCreate) ? .notFound : .forbidden)
        }
    }

    // MARK: Objects that arrive

    private mutating func put(
        _ headers: OBEXHeaders, isFinal: Bool, _ put: OBEXPutReception
    ) -> [OBEXServerAction] {
        var put = put
        let part = headers.body
        put.take(headers.withoutBody)
        if put.hasBegun { return takePart(part ?? [], isFinal: isFinal, put) }
        guard put.headerBytes <= Self.mostHeaderBytes, put.packets <= Self.mostPacketsOfHeaders else {
            return dropAndRefuse(.badRequest)
        }
        // What is known to be refused is refused at once, before it has cost the time to send it.
        if let code = put.refusal(
            limit: configuration.maximumObjectSize, isFull: objects >= configuration.maximumObjects,
            isComplete: part != nil || isFinal)
        {
            state = .idle
            return answer(code) + [.event(.refused(code, name: put.headers.name?.readableString))]
        }
        guard part != nil || isFinal else {
            state = .putting(put)
            return answer(.continue)
        }
        guard let part, let object = put.begin() else {
            // A PUT without any body deletes (OBEX 1.3, 3.3.3.6), and strangers delete nothing here.
            state = .idle
            return answer(.forbidden) + [.event(.refused(.forbidden, name: put.headers.name?.readableString))]
        }
        objects += 1
        state = .asking(put, firstPart: part, isFinal: isFinal)
        return [.event(.objectBegins(object))]
    }

    private mutating func takePart(
        _ part: [UInt8], isFinal: Bool, _ put: OBEXPutReception
    ) -> [OBEXServerAction] {
        var put = put
        guard put.count(part, limit: configuration.maximumObjectSize) else {
            state = .idle
            return [.event(.objectDropped(.tooLarge(limit: configuration.maximumObjectSize)))]
                + answer(.requestedEntityTooLarge)
        }
        guard put.isMakingProgress(with: part) else { return dropAndRefuse(.badRequest) }
        let body: [OBEXServerAction] = part.isEmpty ? [] : [.event(.body(part))]
        // The final bit decides, with or without an End-of-Body: some clients send only Body.
        if isFinal {
            state = .keeping
            return body + [.event(.objectEnds)]
        }
        state = .putting(put)
        return body + answer(.continue)
    }

    // MARK: Objects that are fetched

    private mutating func get(_ headers: OBEXHeaders, isFinal: Bool, packets: Int) -> [OBEXServerAction] {
        guard isFinal else {
            guard headers.size <= Self.mostHeaderBytes, packets <= Self.mostPacketsOfHeaders else {
                return dropAndRefuse(.badRequest)
            }
            state = .getRequest(headers, packets: packets)
            return answer(.continue)
        }
        state = .idle
        let name = headers.name?.readableString
        let code: OBEXResponseCode
        if let name, !name.isEmpty {
            // Files are nobody's business; the phone book of IrMC is just not here.
            code = name.hasPrefix(Self.phoneBookPrefix) ? .notFound : .forbidden
        } else {
            let wanted = configuration.defaultObjects.first { object in
                headers.type.map { object.type.lowercased() == $0 } ?? true
            }
            if let wanted { return give(OBEXGetAnswer(wanted)) }
            code = .notFound
        }
        return answer(code) + [.event(.refused(code, name: name ?? headers.type))]
    }

    private mutating func give(_ answer: OBEXGetAnswer) -> [OBEXServerAction] {
        var answer = answer
        let response = answer.next(room: packetLimit - OBEXPacket.headSize)
        if response.code == .continue {
            state = .getting(answer)
            return [.send(response.bytes)]
        }
        state = .idle
        return [.send(response.bytes), .event(.objectFetched(type: answer.type))]
    }

    // MARK: Answers

    private var packetLimit: Int { min(clientMaximum, configuration.largestSentPacket) }

    private func answer(_ code: OBEXResponseCode, _ headers: OBEXHeaders = []) -> [OBEXServerAction] {
        // An explanation that does not fit one packet is left out.
        let fits = headers.size <= packetLimit - OBEXPacket.headSize
        return [.send(OBEXResponse(code, fits ? headers : []).bytes)]
    }

    private mutating func dropAndRefuse(
        _ code: OBEXResponseCode, _ fields: OBEXConnectFields? = nil
    ) -> [OBEXServerAction] {
        drop(.brokenRules) + [.send(OBEXResponse(code, connectFields: fields).bytes)]
    }

    /// Ends what is under way.
    private mutating func drop(_ reason: OBEXDropReason) -> [OBEXServerAction] {
        defer { state = .idle }
        switch state {
        case .putting(let put): return put.hasBegun ? [.event(.objectDropped(reason))] : []
        case .asking, .keeping: return [.event(.objectDropped(reason))]
        case .idle, .getRequest, .getting, .closed: return []
        }
    }
}
