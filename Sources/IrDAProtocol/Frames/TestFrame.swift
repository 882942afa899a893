/// A TEST frame outside a connection, where it carries addresses (IrLAP 1.1, 5.7.1.5). Within one it is a plain `IrLAPFrame`.
public struct TestFrame: Sendable, Hashable {
    /// The most bytes of payload outside a connection.
    public static let maximumPayload = 376

    /// Whether this is the response.
    public var isResponse: Bool
    /// The station that sends it.
    public var source: DeviceAddress
    /// The station it is for.
    public var destination: DeviceAddress
    /// The bytes to echo.
    public var payload: [UInt8]

    /// A test from its fields.
    public init(isResponse: Bool, source: DeviceAddress, destination: DeviceAddress, payload: [UInt8]) {
        self.isResponse = isResponse
        self.source = source
        self.destination = destination
        self.payload = payload
    }

    /// Reads a test outside a connection; nil for any other frame, or if an address is missing or no device may have the
    /// source.
    public init?(_ frame: IrLAPFrame) {
        var reader = ByteReader(frame.information)
        guard frame.unnumberedKind == .test, frame.address.connection == .broadcast,
            let source = reader.deviceAddress(), source.isAssignable, let destination = reader.deviceAddress()
        else { return nil }
        self.init(
            isResponse: !frame.address.isCommand, source: source, destination: destination,
            payload: reader.remainder())
    }

    /// The frame to send.
    public var frame: IrLAPFrame {
        .broadcast(
            .test, isCommand: !isResponse,
            information: AddressPair(source: source, destination: destination).wireBytes + payload)
    }
}
