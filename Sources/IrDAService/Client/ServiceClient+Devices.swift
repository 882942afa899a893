public import SocketBackends

// Devices and information bases.
extension ServiceClient {
    /// Looks for devices, which takes about a second; while a link is up the answer is what is known.
    ///
    /// - Throws: WSAENETDOWN if the service is away or its port is. The ticket throws WSAENETDOWN if somebody else holds the medium.
    public func discover() throws(SocketError) -> ServiceTicket<[ServiceDevice]> {
        try ticket(.discover, for: "discover infrared devices", Self.devices)
    }

    /// The devices that were seen lately, with their ages; the answer is there at once.
    ///
    /// - Throws: WSAENETDOWN if the service is away.
    public func knownDevices() throws(SocketError) -> [ServiceDevice] {
        try ask(.knownDevices, for: "list infrared devices", Self.devices)
    }

    /// Waits until a device with one of these hints is in range.
    ///
    /// - Parameters:
    ///   - hints: the hint bits that count, the first byte in the low byte; FFFF for any device.
    ///   - milliseconds: how long, of the wall's time.
    /// - Throws: WSAENETDOWN if the service is away. The ticket throws WSAETIMEDOUT (EAGAIN) when the time is over.
    public func awaitDevice(
        hints: UInt16 = 0xFFFF, milliseconds: UInt32
    ) throws(SocketError) -> ServiceTicket<[ServiceDevice]> {
        try ticket(
            .awaitDevice(hints: hints, milliseconds: milliseconds), for: "wait for an infrared device", Self.devices)
    }

    /// Asks an information base.
    ///
    /// - Parameters:
    ///   - attribute: the attribute, as it travels.
    ///   - className: its class.
    ///   - subject: whom to ask.
    /// - Throws: WSAENETDOWN if the service is away, WSAENOTCONN if the subject is a socket without a peer,
    ///   WSAEADDRNOTAVAIL if it is no device's address. The ticket throws as a connect would.
    public func query(
        _ attribute: [UInt8], ofClass className: [UInt8], of subject: ServiceSubject
    ) throws(SocketError) -> ServiceTicket<ServiceAttribute> {
        try ticket(
            .query(subject, className: className, attribute: attribute), for: "ask an information base",
            Self.attribute)
    }

    /// Reads the station's own information base.
    ///
    /// - Throws: WSAENETDOWN if the service is away.
    public func localAttribute(
        _ attribute: [UInt8], ofClass className: [UInt8]
    ) throws(SocketError) -> ServiceAttribute {
        try ask(
            .query(.ourselves, className: className, attribute: attribute), for: "read the information base",
            Self.attribute)
    }

    /// Sets an attribute of the station's information base, for as long as the socket is open.
    ///
    /// - Parameters:
    ///   - attribute: the attribute; one that is there already gets the new value.
    ///   - className: its class, which is made if there is none; empty for that of the socket's own service.
    ///   - value: the value.
    ///   - socket: the socket.
    /// - Throws: WSAEINVAL if it exceeds a limit of the information base, or the socket has no class of its own; WSAENOTSOCK if there is
    ///   no such socket; WSAENETDOWN if the service is away.
    public func setAttribute(
        _ attribute: [UInt8], ofClass className: [UInt8], to value: ServiceAttribute, for socket: ServiceSocketID
    ) throws(SocketError) {
        try tell(
            .setAttribute(socket, className: className, attribute: attribute, value: value),
            for: "set an attribute of the information base")
    }

    /// Takes an attribute out of the station's information base.
    ///
    /// - Throws: WSAEINVAL (EINVAL) if there is none, WSAEACCES (EPERM) if it is the station's own or another program's.
    public func removeAttribute(
        _ attribute: [UInt8], ofClass className: [UInt8], for socket: ServiceSocketID
    ) throws(SocketError) {
        try tell(
            .removeAttribute(socket, className: className, attribute: attribute),
            for: "remove an attribute of the information base")
    }

    /// The hint bits that the station announces, the first byte in the low byte.
    ///
    /// - Throws: WSAENETDOWN if the service is away.
    public func hints() throws(SocketError) -> UInt16 {
        try ask(.hints, for: "read the hints") { if case .hints(let hints) = $0 { hints } else { nil } }
    }

    /// Announces more hint bits for as long as the socket is open, in place of those that it set before.
    ///
    /// - Throws: WSAENOTSOCK if there is no such socket, WSAENETDOWN if the service is away.
    public func setHints(_ hints: UInt16, for socket: ServiceSocketID) throws(SocketError) {
        try tell(.setHints(socket, hints), for: "set hints")
    }

    // MARK: Reading answers

    private func ticket<Value>(
        _ request: ServiceRequest, for operation: String, _ read: @escaping @Sendable (ServiceReply) -> Value?
    ) throws(SocketError) -> ServiceTicket<Value> {
        var answer = try exchange(request, for: operation)
        guard case .ticket = answer.reply, let descriptor = answer.descriptor.take() else {
            throw unexpectedAnswer(operation)
        }
        return ServiceTicket(descriptor, operation: operation, read)
    }

    @Sendable
    private static func devices(_ reply: ServiceReply) -> [ServiceDevice]? {
        if case .devices(let devices) = reply { devices } else { nil }
    }

    @Sendable
    private static func attribute(_ reply: ServiceReply) -> ServiceAttribute? {
        if case .attribute(let attribute) = reply { attribute } else { nil }
    }
}
