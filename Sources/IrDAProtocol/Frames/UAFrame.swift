/// The UA response: with addresses and parameters to a connection request, bare or with addresses to DISC and to a reset
/// (IrLAP 1.1, 5.7.1.7).
public struct UAFrame: Sendable, Hashable {
    /// The connection.
    public var address: ConnectionAddress
    /// Who sends it and to whom, if it says so.
    public var addresses: AddressPair?
    /// The secondary's announcement, as `NegotiationParameters` reads and writes it; only behind addresses.
    public var parameters: [UInt8]

    /// An acknowledgement from its fields.
    public init(address: ConnectionAddress, addresses: AddressPair? = nil, parameters: [UInt8] = []) {
        self.address = address
        self.addresses = addresses
        self.parameters = parameters
    }

    /// The answer to a connection request.
    public init(
        address: ConnectionAddress, source: DeviceAddress, destination: DeviceAddress, parameters: [UInt8] = []
    ) {
        self.init(
            address: address, addresses: AddressPair(source: source, destination: destination), parameters: parameters)
    }

    /// Reads an acknowledgement; nil for any other frame. An I-field too short for addresses is ignored.
    public init?(_ frame: IrLAPFrame) {
        guard frame.unnumberedKind == .unnumberedAcknowledgement, !frame.address.isCommand else { return nil }
        self.init(address: frame.address.connection)
        var reader = ByteReader(frame.information)
        if let source = reader.deviceAddress(), let destination = reader.deviceAddress() {
            addresses = AddressPair(source: source, destination: destination)
            parameters = reader.remainder()
        }
    }

    /// The frame to send.
    public var frame: IrLAPFrame {
        IrLAPFrame(
            address: IrLAPAddress(connection: address, isCommand: false),
            control: .unnumbered(.unnumberedAcknowledgement, pollFinal: true),
            information: addresses.map { $0.wireBytes + parameters } ?? [])
    }
}
