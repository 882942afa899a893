import Glibc
import SocketBackends

/// The functions of libusb-1.0 that are used, found when the program runs: who has no USB adapter needs no libusb.
struct LibUSB: Sendable {
    typealias VersionFunction = @convention(c) @Sendable () -> UnsafePointer<UInt16>?
    typealias InitFunction = @convention(c) @Sendable (UnsafeMutablePointer<OpaquePointer?>?) -> CInt
    typealias ContextFunction = @convention(c) @Sendable (OpaquePointer?) -> Void
    typealias ListFunction =
        @convention(c) @Sendable (OpaquePointer?, UnsafeMutablePointer<UnsafeMutablePointer<OpaquePointer?>?>) -> Int
    typealias FreeFunction = @convention(c) @Sendable (UnsafeMutablePointer<OpaquePointer?>?, CInt) -> Void
    typealias NumberFunction = @convention(c) @Sendable (OpaquePointer?) -> UInt8
    typealias OpenFunction = @convention(c) @Sendable (OpaquePointer?, UnsafeMutablePointer<OpaquePointer?>) -> CInt
    typealias InterfaceFunction = @convention(c) @Sendable (OpaquePointer?, CInt) -> CInt
    typealias SettingFunction = @convention(c) @Sendable (OpaquePointer?, CInt, CInt) -> CInt
    typealias EndpointFunction = @convention(c) @Sendable (OpaquePointer?, UInt8) -> CInt
    typealias ControlFunction =
        @convention(c) @Sendable (
            OpaquePointer?, UInt8, UInt8, UInt16, UInt16, UnsafeMutablePointer<UInt8>?, UInt16, CUnsignedInt
        ) -> CInt
    typealias PacketFunction =
        @convention(c) @Sendable (
            OpaquePointer?, UInt8, UnsafeMutablePointer<UInt8>?, CInt, UnsafeMutablePointer<CInt>?, CUnsignedInt
        ) -> CInt

    let version: VersionFunction
    let start: InitFunction
    let exit: ContextFunction
    let list: ListFunction
    let freeList: FreeFunction
    let busNumber: NumberFunction
    let address: NumberFunction
    let open: OpenFunction
    let close: ContextFunction
    let detachAutomatically: InterfaceFunction
    let claim: InterfaceFunction
    let release: InterfaceFunction
    let setSetting: SettingFunction
    let clearHalt: EndpointFunction
    let control: ControlFunction
    let bulk: PacketFunction
    let interrupt: PacketFunction

    /// Errors, as libusb.h numbers them.
    enum Failure {
        static let access: CInt = -3
        static let noDevice: CInt = -4
        static let notFound: CInt = -5
        static let busy: CInt = -6
        static let timeout: CInt = -7
        static let pipe: CInt = -9
    }

    /// Which version it is, as `1.0.26`; a structure of libusb.h begins with three numbers of 16 bits.
    var versionText: String { version().map { "\($0[0]).\($0[1]).\($0[2])" } ?? "unknown" }

    static let library = "libusb-1.0.so.0"

    /// Loads the library.
    ///
    /// - Throws: WSAEPROVIDERFAILEDINIT, and which package to install.
    init(_ library: String = Self.library) throws(SocketError) {
        guard let handle = dlopen(library, RTLD_NOW) else {
            throw SocketError(
                .WSAEPROVIDERFAILEDINIT, operation: "use USB", reason: "\(library) cannot be loaded",
                advice: "Install it: apt-get install libusb-1.0-0")
        }
        func find<Function>(_ name: String, as type: Function.Type) throws(SocketError) -> Function {
            guard let symbol = dlsym(handle, "libusb_\(name)") else {
                throw SocketError(
                    .WSAEPROVIDERFAILEDINIT, operation: "use USB", reason: "\(library) has no function libusb_\(name)",
                    advice: "It is too old; install libusb-1.0-0 1.0.16 or newer")
            }
            // A symbol is an address, and a C function pointer is one too; the types above are those of libusb.h.
            return unsafeBitCast(symbol, to: type)
        }
        start = try find("init", as: InitFunction.self)
        exit = try find("exit", as: ContextFunction.self)
        list = try find("get_device_list", as: ListFunction.self)
        freeList = try find("free_device_list", as: FreeFunction.self)
        busNumber = try find("get_bus_number", as: NumberFunction.self)
        address = try find("get_device_address", as: NumberFunction.self)
        open = try find("open", as: OpenFunction.self)
        close = try find("close", as: ContextFunction.self)
        detachAutomatically = try find("set_auto_detach_kernel_driver", as: InterfaceFunction.self)
        claim = try find("claim_interface", as: InterfaceFunction.self)
        release = try find("release_interface", as: InterfaceFunction.self)
        setSetting = try find("set_interface_alt_setting", as: SettingFunction.self)
        clearHalt = try find("clear_halt", as: EndpointFunction.self)
        control = try find("control_transfer", as: ControlFunction.self)
        bulk = try find("bulk_transfer", as: PacketFunction.self)
        interrupt = try find("interrupt_transfer", as: PacketFunction.self)
        version = try find("get_version", as: VersionFunction.self)
    }
}
