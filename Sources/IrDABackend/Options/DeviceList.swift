public import SocketBackends

/// A `DEVICELIST` (af_irda.h): a count, then 29 bytes a device without padding.
///
///     offset  size
///      0       4    device identifier
///      4      22    name, ended by a NUL where it is shorter
///     26       2    hint bytes
///     28       1    character set
public enum DeviceList {
    private static let nameLength = 22
    private static let stride = 29
    private static let countLength = 4

    /// Writes as many devices as there is room for.
    ///
    /// - Throws: WSAEFAULT if there is not even room for the count.
    public static func bytes(_ devices: [IrDADevice], room: Int) throws(SocketError) -> [UInt8] {
        guard room >= countLength else {
            throw SocketError(
                .WSAEFAULT, operation: "enumerate devices", reason: "a buffer of \(room) bytes has no room for a count",
                advice: "A DEVICELIST takes \(countLength) bytes and \(stride) more for each device.")
        }
        let fitting = devices.prefix((room - countLength) / stride)
        var bytes = OptionValue(UInt32(fitting.count)).bytes
        for device in fitting {
            bytes += OptionValue(device.id.rawValue.littleEndian).bytes
            let name = device.rawName.prefix(nameLength)
            bytes += name + [UInt8](repeating: 0, count: nameLength - name.count)
            bytes += [UInt8(truncatingIfNeeded: device.hints), UInt8(truncatingIfNeeded: device.hints >> 8)]
            bytes.append(device.characterSet)
        }
        return bytes
    }
}

extension DeviceList {
    /// Reads a list.
    ///
    /// - Throws: WSAEFAULT if it is cut short.
    public static func devices(in bytes: [UInt8]) throws(SocketError) -> [IrDADevice] {
        let operation = "read a list of devices"
        let list = OptionValue(bytes: bytes)
        let count = Int(try list.integer(UInt32.self, for: operation))
        let entries = bytes.dropFirst(countLength)
        guard count <= entries.count / stride else {
            throw SocketError(
                .WSAEFAULT, operation: operation, reason: "\(bytes.count) bytes are too few for \(count) devices")
        }
        return (0..<count).map { index in
            let entry = Array(entries.dropFirst(index * stride).prefix(stride))
            return IrDADevice(
                id: IrDADeviceID(rawValue: entry[..<4].reversed().reduce(0) { $0 << 8 | UInt32($1) }),
                hints: UInt16(entry[26]) | UInt16(entry[27]) << 8, characterSet: entry[28],
                rawName: IrDADevice.name(inField: entry[4..<4 + nameLength], characterSet: entry[28]))
        }
    }
}
