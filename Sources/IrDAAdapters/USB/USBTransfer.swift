/// The eight bytes that begin a control transfer.
public struct USBSetup: Hashable, Sendable {
    /// Direction, kind and recipient (bmRequestType).
    public var requestType: UInt8
    /// The request (bRequest).
    public var request: UInt8
    /// Its value (wValue).
    public var value: UInt16
    /// Its index (wIndex).
    public var index: UInt16
    /// How many bytes follow, or may come (wLength).
    public var length: UInt16

    /// Makes a setup.
    public init(_ requestType: UInt8, _ request: UInt8, value: UInt16 = 0, index: UInt16 = 0, length: UInt16 = 0) {
        self.requestType = requestType
        self.request = request
        self.value = value
        self.index = index
        self.length = length
    }

    /// Whether data come from the device.
    public var isIn: Bool { requestType & 0x80 != 0 }
}

/// Something to do with a USB device, apart from listening to it.
public enum USBTransfer: Hashable, Sendable {
    /// A control transfer; its outcome has the bytes that came, if any.
    case control(USBSetup)
    /// A control transfer with bytes to the device.
    case controlOut(USBSetup, [UInt8])
    /// Bytes to the device's data endpoint, as one transfer.
    ///
    /// - `endsShort`: whether an empty packet follows if the last one is full, so that the device sees the end.
    case send([UInt8], endsShort: Bool)
    /// Ends a stall of both data endpoints.
    case clearHalts
}

/// How a transfer has ended.
public enum USBOutcome: Hashable, Sendable {
    /// It was done; these bytes came, where bytes come.
    case done([UInt8])
    /// The device refused it.
    case stalled
    /// It took too long.
    case timedOut
    /// It was called off.
    case cancelled
    /// The bus failed, or the kernel refused it.
    case failed
    /// The device is unplugged.
    case gone
}

/// Why an adapter cannot be used.
public enum USBProblem: Error, Hashable, Sendable {
    /// It is unplugged.
    case gone
    /// It refused a request, or did not answer: what was attempted.
    case refused(String)
    /// It says that it is something that it cannot be.
    case nonsense(String)
    /// It does not have the speed, in bit/s.
    case noSuchRate(Int)
    /// Its firmware is missing, or is not what it needs: what is wrong.
    case firmware(String)
}

extension USBProblem: CustomStringConvertible {
    /// A clause for people.
    public var description: String {
        switch self {
        case .gone: "the adapter has been unplugged"
        case .refused(let attempt): "the adapter did not take part when it was to \(attempt)"
        case .nonsense(let what): "the adapter says \(what)"
        case .noSuchRate(let rate): "the adapter has no speed of \(rate) bit/s"
        case .firmware(let what): what
        }
    }

    /// What its owner can do, as a sentence without a full stop.
    public var advice: String {
        switch self {
        case .gone, .refused, .nonsense, .noSuchRate:
            "Plug it out and in again; it will be used again when it is back"
        case .firmware: "Give the right file: --port usb,firmware=FILE"
        }
    }
}
