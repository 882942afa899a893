/// The SNRM command that asks for a connection (IrLAP 1.1, 5.7.1.1). The SNRM without I-field, a reset, is a plain `IrLAPFrame`.
public struct SNRMFrame: Sendable, Hashable {
    /// The station that asks, the primary to be.
    public var source: DeviceAddress
    /// The station asked.
    public var destination: DeviceAddress
    /// The address the connection will have.
    public var connectionAddress: ConnectionAddress
    /// The primary's announcement, as `NegotiationParameters` reads and writes it.
    public var parameters: [UInt8]

    /// A request from its fields.
    public init(
        source: DeviceAddress, destination: DeviceAddress, connectionAddress: ConnectionAddress, parameters: [UInt8]
    ) {
        self.source = source
        self.destination = destination
        self.connectionAddress = connectionAddress
        self.parameters = parameters
    }

    /// Reads a connection request; nil for any other frame and for an ill-formed one: a field missing, a source that no
    /// device may have or a connection address that no connection may have (IrLAP 1.1, 6.2).
    public init?(_ frame: IrLAPFrame) {
        var reader = ByteReader(frame.information)
        guard frame.unnumberedKind == .setNormalResponseMode, frame.address.isCommand,
            frame.address.connection == .broadcast,
            let source = reader.deviceAddress(), source.isAssignable,
            let destination = reader.deviceAddress(), let byte = reader.byte()
        else { return nil }
        let connectionAddress = IrLAPAddress(byte: byte).connection
        guard connectionAddress.isAssignable else { return nil }
        self.init(
            source: source, destination: destination, connectionAddress: connectionAddress,
            parameters: reader.remainder())
    }

    /// The frame to send.
    public var frame: IrLAPFrame {
        let address = IrLAPAddress(connection: connectionAddress, isCommand: false)
        return .broadcast(
            .setNormalResponseMode, isCommand: true,
            information: AddressPair(source: source, destination: destination).wireBytes + [address.byte] + parameters)
    }
}
