import CBluetooth
import Glibc
public import SocketBackends
public import SystemPackage

/// What the family asks of the system, beside Linux' calls for sockets: libbluetooth's look-ups, each of which may take seconds.
///
/// A test puts functions of its own in their place.
public struct BluetoothCalls: Sendable {
    /// The calls of the sockets.
    public var system: SystemCalls
    /// The number of the adapter that is used; throws ENODEV or another error if there is none.
    public var adapter: @Sendable () throws(Errno) -> Int32
    /// Looks for devices: for how many units of 1.28 seconds, and whether those known from before are forgotten.
    public var inquire: @Sendable (_ units: Int32, _ flushes: Bool) throws(Errno) -> [BluetoothDevice]
    /// Asks a device for the RFCOMM channel of a service class; nil if it has no such service.
    public var channel: @Sendable (_ device: UInt64, ServiceClass) throws(Errno) -> UInt8?

    /// Those of Linux and libbluetooth.
    public init() {
        system = SystemCalls()
        adapter = { () throws(Errno) in try Self.answer(irsock_bluetooth_adapter()) }
        inquire = { units, flushes throws(Errno) in
            var found = [irsock_bluetooth_device](repeating: irsock_bluetooth_device(), count: 255)
            let count = try Self.answer(
                irsock_bluetooth_inquire(units, flushes ? 1 : 0, &found, Int32(found.count)))
            return found.prefix(Int(count)).map(BluetoothDevice.init)
        }
        channel = { device, service throws(Errno) in
            let channel = try Self.answer(irsock_bluetooth_channel(device, service.bytes))
            return channel == 0 ? nil : UInt8(truncatingIfNeeded: channel)
        }
    }

    private static func answer(_ number: Int32) throws(Errno) -> Int32 {
        guard number >= 0 else { throw Errno(rawValue: -number) }
        return number
    }
}

/// A device that an inquiry has found.
public struct BluetoothDevice: Hashable, Sendable {
    /// Its address, in the low 48 bits.
    public var address: UInt64
    /// Its class of device, 24 bits.
    public var deviceClass: UInt32
    /// Its name; empty if it does not tell.
    public var name: String

    /// Describes a device.
    public init(address: UInt64, deviceClass: UInt32, name: String) {
        self.address = address
        self.deviceClass = deviceClass
        self.name = name
    }

    fileprivate init(_ found: irsock_bluetooth_device) {
        let name = withUnsafeBytes(of: found.name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        self.init(address: found.address, deviceClass: found.device_class, name: name)
    }
}
