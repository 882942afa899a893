import SocketBackends

/// A Linux `irda_device_list`: a count, then 36 bytes a device in host order.
///
///     offset  size
///      0       4    address of the station that saw the device
///      4       4    address of the device
///      8      22    name, ended by a NUL where it is shorter
///     30       1    character set
///     31       2    hint bytes
///     33       3    nothing
package enum LinuxDeviceList {
    /// The bytes of the count, which come first.
    package static let countLength = 4
    /// The bytes of one device.
    package static let stride = 36
    private static let nameLength = 22

    /// A device, and who saw it.
    package struct Entry: Hashable, Sendable {
        /// The station.
        package var station: UInt32
        /// The device.
        package var device: IrDADevice

        /// Pairs the two.
        package init(station: UInt32, device: IrDADevice) {
            self.station = station
            self.device = device
        }
    }

    /// Writes as many devices as there is room for; the count is theirs, so that nobody reads what is not there.
    ///
    /// - Returns: nil if there is not even room for the count.
    package static func bytes(_ entries: [Entry], room: Int) -> [UInt8]? {
        guard room >= countLength else { return nil }
        let fitting = entries.prefix((room - countLength) / stride)
        var bytes = OptionValue(UInt32(fitting.count)).bytes
        for entry in fitting {
            let name = entry.device.rawName.prefix(nameLength)
            bytes += OptionValue(entry.station).bytes + OptionValue(entry.device.id.rawValue).bytes
            bytes += name + [UInt8](repeating: 0, count: nameLength - name.count)
            bytes.append(entry.device.characterSet)
            bytes += [
                UInt8(truncatingIfNeeded: entry.device.hints), UInt8(truncatingIfNeeded: entry.device.hints >> 8),
            ]
            bytes += [0, 0, 0]
        }
        return bytes
    }

    /// Reads a list, as far as it goes: a kernel counts the devices that it knows, not those that it had room for.
    ///
    /// - Returns: nil if there is no count.
    package static func entries(in bytes: [UInt8]) -> [Entry]? {
        guard bytes.count >= countLength else { return nil }
        let count = Int(bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt32.self) })
        let fitting = min(count, (bytes.count - countLength) / stride)
        return (0..<fitting).map { index in entry(Array(bytes.dropFirst(countLength + index * stride).prefix(stride))) }
    }

    private static func entry(_ bytes: [UInt8]) -> Entry {
        let (station, address) = bytes.withUnsafeBytes {
            ($0.loadUnaligned(as: UInt32.self), $0.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
        }
        return Entry(
            station: station,
            device: IrDADevice(
                id: IrDADeviceID(rawValue: address), hints: UInt16(bytes[31]) | UInt16(bytes[32]) << 8,
                characterSet: bytes[30],
                rawName: IrDADevice.name(inField: bytes[8..<8 + nameLength], characterSet: bytes[30])))
    }
}
