/// An adapter of the USB IrDA Bridge class: it takes whole frames and does everything else itself.
///
/// USB IrDA Bridge Device Definition 1.0. Three old devices change their speed before a frame instead of after it; here a change
/// always goes alone, after the frame, which is right for all.
public struct IrDABridge: USBAdapter {
    private enum Stage: Sendable {
        case idle
        case descriptor
        case standardDescriptor
        case setting
        case changingFillers(frame: [UInt8], code: UInt8)
        case frame
    }

    private static let twelveFillers: UInt8 = 3
    private static let mostFillers: UInt8 = 1
    private static let noFillers: UInt8 = 8
    private let interface: UInt8
    var form: BridgeForm
    private let isEarly: Bool
    private let isSIROnly: Bool
    private let needsManyFillers: Bool
    private var stage = Stage.idle
    private var descriptor: BridgeDescriptor?
    private var speedCode: UInt8 = 0
    private var fillerCode: UInt8 = 0

    /// Describes the adapter.
    ///
    /// - Parameters:
    ///   - interface: the number of its interface.
    ///   - isEarly: whether it is one of the old devices, which lose all but the first frame of a turn, whatever they say.
    ///   - isSIROnly: whether it does no more than 115200 bit/s, whatever it says.
    ///   - needsManyFillers: whether each frame up to there needs 48 fillers.
    public init(
        interface: UInt8 = 0, isEarly: Bool = false, isSIROnly: Bool = false, needsManyFillers: Bool = false
    ) {
        self.init(
            interface: interface, form: .plain, isEarly: isEarly, isSIROnly: isSIROnly,
            needsManyFillers: needsManyFillers)
    }

    init(
        interface: UInt8, form: BridgeForm, isEarly: Bool = false, isSIROnly: Bool = false,
        needsManyFillers: Bool = false
    ) {
        self.interface = interface
        self.form = form
        self.isEarly = isEarly
        self.isSIROnly = isSIROnly
        self.needsManyFillers = needsManyFillers
    }

    /// What its descriptor says; the speeds of SIR until that is known.
    public var rates: [Int] {
        guard let rates = descriptor?.rates else { return [9600, 19200, 38400, 57600, 115_200] }
        return isSIROnly ? rates.filter { $0 <= 115_200 } : rates
    }
    /// What its descriptor says.
    public var minimumTurnaround: Duration { descriptor?.minimumTurnaround ?? .milliseconds(10) }
    /// What its descriptor says.
    public var dataSize: Int { descriptor?.dataSize ?? 64 }
    /// What its descriptor says; one until that is known.
    public var windowSize: Int { isEarly ? 1 : descriptor?.windowSize ?? 1 }
    /// What its descriptor says.
    public var additionalBOFs: Int { descriptor?.additionalBOFs ?? 48 }
    /// Listening may go on always.
    public var isHalfDuplex: Bool { false }
    /// Listening waits by itself.
    public var pollInterval: Duration { .zero }
    /// Always.
    public func takesFrames(at rate: Int) -> Bool { true }

    /// Begins a job.
    public mutating func begin(_ job: USBJob, at now: Duration) -> USBStep {
        switch job {
        case .open:
            stage = .descriptor
            return .transfer(.control(USBSetup(0xA1, 0x06, index: UInt16(interface), length: 12)))
        case .changeRate(let rate):
            guard let code = BridgeDescriptor.speedCode(of: rate) else { return .failed(.noSuchRate(rate)) }
            return set(speed: code, fillers: rate > 115_200 ? Self.noFillers : usualFillers)
        case .transmit(.frame(let frame, let fillers)):
            let code = self.code(ofFillers: fillers)
            guard code != fillerCode else { return send(frame) }
            stage = .changingFillers(frame: frame, code: code)
            return .transfer(.send(form.wrap([], header: code << 4 | speedCode), endsShort: true))
        case .transmit(.characters), .finish, .close: return .done
        }
    }

    private var usualFillers: UInt8 { needsManyFillers ? Self.mostFillers : Self.twelveFillers }

    /// There are none above SIR.
    private func code(ofFillers count: Int) -> UInt8 {
        if speedCode > 6 { return Self.noFillers }
        return needsManyFillers ? Self.mostFillers : BridgeDescriptor.fillerCode(atLeast: count)
    }

    /// With as many fillers as there is a code for.
    public func asSent(_ light: AdapterLight) -> AdapterLight {
        guard case .frame(let frame, let fillers) = light else { return light }
        return .frame(frame, additionalBOFs: BridgeDescriptor.fillerCount(of: code(ofFillers: fillers)))
    }

    private mutating func set(speed: UInt8, fillers: UInt8) -> USBStep {
        stage = .setting
        speedCode = speed
        fillerCode = fillers
        return .transfer(.send(form.wrap([], header: fillers << 4 | speed), endsShort: true))
    }

    private mutating func send(_ frame: [UInt8]) -> USBStep {
        stage = .frame
        return .transfer(.send(form.wrap(frame, header: 0), endsShort: true))
    }

    /// Goes on.
    public mutating func next(_ outcome: USBOutcome, at now: Duration) -> USBStep {
        switch (stage, outcome) {
        case (.descriptor, .done(let bytes)), (.standardDescriptor, .done(let bytes)):
            do throws(USBProblem) {
                descriptor = try BridgeDescriptor(bytes, hasVFIR: form.hasVFIR)
            } catch {
                return .failed(error)
            }
            return set(speed: 2, fillers: usualFillers)
        case (.descriptor, _):
            // Some answer the standard request instead, which the definition forbids.
            stage = .standardDescriptor
            return .transfer(.control(USBSetup(0x81, 0x06, value: 0x2100, index: UInt16(interface), length: 12)))
        case (.changingFillers(let frame, let code), .done):
            fillerCode = code
            return send(frame)
        case (.setting, .done), (.frame, .done):
            stage = .idle
            return .done
        case (.standardDescriptor, _): return .failed(.refused("say what it can do"))
        case (.setting, _), (.changingFillers, _): return .failed(.refused("change its speed"))
        case (.frame, _): return .failed(.refused("send a frame"))
        case (.idle, _): return .done
        }
    }

    /// One frame behind a byte of status; that byte alone tells of light that was no frame.
    public mutating func heard(_ bytes: [UInt8], at now: Duration) -> [AdapterLight] {
        let frame = bytes.dropFirst(form.headerLength)
        return frame.isEmpty ? [] : [.frame(Array(frame), additionalBOFs: 0)]
    }
}

/// How frames are put into transfers.
struct BridgeForm: Sendable {
    /// The length of what stands before a frame, in bytes.
    let headerLength: Int
    /// The code of the time that the adapter waits before a frame, where it can be told.
    var turnaroundCode: UInt8 = 0
    /// Whether there is a code for 16 Mbit/s.
    let hasVFIR: Bool

    /// As the definition says.
    static let plain = BridgeForm(headerLength: 1, hasVFIR: false)

    /// As SigmaTel does it: behind the header whether there is a byte too many at the end, and a time to wait.
    static let sigmaTel = BridgeForm(headerLength: 3, hasVFIR: true)

    func wrap(_ frame: [UInt8], header: UInt8) -> [UInt8] {
        guard headerLength == 3 else { return [header] + frame }
        guard !frame.isEmpty else { return [header, 0, 0] }
        // Frames of some lengths must not end there.
        let isPadded = frame.count % 128 == 0 && frame.count % 512 != 0
        return [header, isPadded ? 1 : 0, turnaroundCode] + frame + (isPadded ? [0] : [])
    }
}
