import Glibc
public import SocketBackends
import SystemPackage

/// AF_IRDA of the kernel: of Linux before 4.17, and of newer kernels with modules from elsewhere.
///
/// Translates between Winsock's numbers, layouts and errors and those of linux/irda.h. Where a kernel waits, so does this provider: a
/// connect by name asks for the name first, which takes the time of setting up a link.
public struct KernelProvider: IrDAProvider {
    /// Makes the provider; nothing is asked of the kernel yet.
    public init() {}

    /// `kernel`.
    public var name: String { "kernel" }

    /// Whether the kernel makes sockets of this family; asked anew each time, for a module can be loaded meanwhile.
    public var availability: Availability {
        do throws(Errno) {
            _ = try KernelCalls.open()
            return .available
        } catch {
            guard error == .addressFamilyNotSupported else {
                return .unavailable(reason: "the kernel refuses a socket: \(error)")
            }
            return .unavailable(reason: "kernel \(Self.release) has no AF_IRDA, which Linux removed in 4.17")
        }
    }

    private static var release: String {
        var names = utsname()
        guard uname(&names) == 0 else { return "of an unknown release" }
        return withUnsafeBytes(of: names.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    /// The devices that the kernel knows at this moment, or has found for this call.
    ///
    /// - Throws: WSAEAFNOSUPPORT if the kernel has no AF_IRDA (any more).
    public func discover() throws(SocketError) -> [IrDADevice] {
        let operation = "discover infrared devices"
        let socket = try makeSocket(for: operation)
        let room = LinuxDeviceList.countLength + Self.mostDevices * LinuxDeviceList.stride
        do throws(Errno) {
            let list = try socket.withDescriptor { descriptor throws(Errno) in
                try KernelCalls.option(.enumDevices, of: descriptor, [UInt8](repeating: 0, count: room))
            }
            return (LinuxDeviceList.entries(in: list) ?? []).map(\.device)
        } catch {
            if error == .resourceTemporarilyUnavailable { return [] }
            throw SocketError(error, operation: operation)
        }
    }

    /// More than a discovery can find: it has sixteen slots.
    private static let mostDevices = 32

    /// Asks a device's information base.
    ///
    /// - Throws: WSAETIMEDOUT if the device cannot be reached (rule R57), WSAEADDRNOTAVAIL for an address that is none.
    public func query(
        _ attribute: String, ofClass className: String, device: IrDADeviceID
    ) throws(SocketError) -> IASAnswer {
        let operation = "ask \(device) for \(attribute) of \(className)"
        guard !LinuxIrDA.isAnyDevice(device.rawValue) else {
            throw SocketError(
                .WSAEADDRNOTAVAIL, operation: operation, reason: "this is not the address of a device",
                advice: "Discover devices first.")
        }
        let socket = try makeSocket(for: operation)
        if let answer = try ask(socket, attribute, className, device, for: operation) { return answer }
        // The kernel does not tell what is missing. Every device has this class; of others the most useful attribute tells.
        if className == "Device" { return .noSuchAttribute }
        return try ask(socket, "IrDA:TinyTP:LsapSel", className, device, for: operation) == nil
            ? .noSuchClass : .noSuchAttribute
    }

    /// - Returns: nil if there is no such class or attribute.
    private func ask(
        _ socket: borrowing OwnedDescriptor, _ attribute: String, _ className: String, _ device: IrDADeviceID,
        for operation: String
    ) throws(SocketError) -> IASAnswer? {
        let question = LinuxIASBlock(
            className: Array(className.utf8), attribute: Array(attribute.utf8), device: device.rawValue)
        do throws(Errno) {
            let answer = try socket.withDescriptor { descriptor throws(Errno) in
                try KernelCalls.option(.iasQuery, of: descriptor, question.bytes)
            }
            return LinuxIASBlock(bytes: answer)?.value
        } catch {
            if error == .addressNotAvailable { return nil }
            throw SocketError(kernelConnect: error, operation: operation)
        }
    }

    /// Makes a socket of the kernel.
    ///
    /// - Throws: WSAEAFNOSUPPORT if the kernel has no AF_IRDA (any more), WSAEMFILE.
    public func makeEndpoint() throws(SocketError) -> any IrDAEndpoint {
        KernelEndpoint(SharedDescriptor(try makeSocket(for: "make a socket of irda")))
    }

    /// Waits for a device, as IRLMP_WAITDEVICE does.
    public func waitForDevice(
        offering hints: UInt16, for patience: Duration
    ) throws(SocketError) -> IrDADevice? {
        let operation = "wait for an infrared device"
        let socket = try makeSocket(for: operation)
        let milliseconds = Int32(clamping: Int64(min(patience / .milliseconds(1), Double(Int32.max))))
        let address: UInt32
        do throws(Errno) {
            let found = try socket.withDescriptor { descriptor throws(Errno) in
                if hints != 0 {
                    try KernelCalls.setOption(.hintMaskSet, of: descriptor, to: OptionValue(Int32(hints)).bytes)
                }
                return try KernelCalls.option(.waitDevice, of: descriptor, OptionValue(milliseconds).bytes)
            }
            address = found.withUnsafeBytes { $0.count >= 4 ? $0.loadUnaligned(as: UInt32.self) : 0 }
        } catch {
            if error == .resourceTemporarilyUnavailable { return nil }
            throw SocketError(error, operation: operation)
        }
        return try discover().first { $0.id.rawValue == address }
    }

    /// What this station says about itself, as IRLMP_IAS_GET tells it; the kernel does not tell what is missing.
    public func ownAttribute(
        _ attribute: String, ofClass className: String
    ) throws(SocketError) -> IASAnswer {
        let operation = "read the own information base"
        let socket = try makeSocket(for: operation)
        let question = LinuxIASBlock(className: Array(className.utf8), attribute: Array(attribute.utf8))
        do throws(Errno) {
            let answer = try socket.withDescriptor { descriptor throws(Errno) in
                try KernelCalls.option(.iasGet, of: descriptor, question.bytes)
            }
            return LinuxIASBlock(bytes: answer)?.value ?? .noSuchAttribute
        } catch {
            if error == .invalidArgument { return .noSuchAttribute }
            throw SocketError(error, operation: operation)
        }
    }

    private func makeSocket(for operation: String) throws(SocketError) -> OwnedDescriptor {
        do throws(Errno) {
            return try KernelCalls.open()
        } catch {
            throw SocketError(error, operation: operation)
        }
    }
}
