import SocketBackends
import Synchronization

// The options of SOL_IRLMP. Those that only Windows 98 and CE knew do not exist here either.
extension IrDASocket {
    func option(_ option: SocketOption, buffer: [UInt8]) throws(SocketError) -> [UInt8] {
        let operation = "read option \(option.name.rawValue) of SOL_IRLMP"
        switch option {
        case .irlmpEnumDevices:  // rule R52
            let mask = hintMask.load(ordering: .relaxed)
            let devices = try provider.discover().filter { mask == 0 || $0.hints & mask != 0 }
            return try DeviceList.bytes(devices, room: buffer.count)
        case .irlmpIASQuery:
            let question = try IASQueryBlock(bytes: buffer)
            let answer = try provider.query(
                question.attribute, ofClass: question.className, device: question.device)
            return question.bytes(with: answer)
        case .irlmpIASGet:
            let question = try IASQueryBlock(bytes: buffer)
            return question.bytes(with: try provider.ownAttribute(question.attribute, ofClass: question.className))
        case .irlmpSendPDULength:
            let length = try units(for: operation).pduLength
            return try OptionValue(UInt32(clamping: length)).bytes(fitting: buffer.count, for: operation)
        case .irlmpMaxSDUSize:
            let size = try endpoint.transferUnits?.sendMessage ?? 0  // 0 before connect, as Linux has it.
            return try OptionValue(Int32(clamping: size)).bytes(fitting: buffer.count, for: operation)
        case .irlmpExclusiveMode:
            return try boolean(isExclusive.load(ordering: .relaxed), buffer, operation)
        case .irlmp9WireMode:
            return try boolean(settings.withLock { $0.layer } == .nineWire, buffer, operation)
        case .irlmpWaitDevice:
            return try waitForDevice(buffer, operation)
        case .type:
            return try OptionValue(kind.type.rawValue).bytes(fitting: buffer.count, for: "read SO_TYPE")
        default:
            throw unknown(option, "read")
        }
    }

    func setOption(_ option: SocketOption, to value: [UInt8]) throws(SocketError) {
        let operation = "set option \(option.name.rawValue) of SOL_IRLMP"
        switch option {
        case .irlmpIASSet:
            let block = try IASSetBlock(bytes: value)
            try endpoint.setAttribute(block.attribute, ofClass: block.className, to: block.value)
        case .irlmpIASDelete:
            let block = try IASSetBlock(namesIn: value)
            try endpoint.removeAttribute(block.attribute, ofClass: block.className)
        case .irlmpExclusiveMode:
            let wanted = try OptionValue(bytes: value).boolean(for: operation)
            isExclusive.store(wanted, ordering: .relaxed)
        case .irlmpIrLPTMode:
            let wanted = try OptionValue(bytes: value).boolean(for: operation)
            try choose(.raw, wanted, operation)
        case .irlmp9WireMode:
            let wanted = try OptionValue(bytes: value).boolean(for: operation)
            try choose(.nineWire, wanted, operation)
        case .irlmpMaxSDUSize:
            try setMaximumMessage(try OptionValue(bytes: value).integer(Int32.self, for: operation), operation)
        case .irlmpHintsSet:
            try endpoint.setHints(Self.hints(try OptionValue(bytes: value).integer(Int32.self, for: operation)))
        case .irlmpHintMaskSet:
            let mask = try OptionValue(bytes: value).integer(Int32.self, for: operation)
            hintMask.store(Self.hints(mask), ordering: .relaxed)
        default:
            throw unknown(option, "set")
        }
    }

    // MARK: Helpers

    /// The two hint bytes without their extension bits, as Linux masks them.
    private static func hints(_ number: Int32) -> UInt16 { UInt16(truncatingIfNeeded: number) & 0x7F7F }

    private func boolean(_ value: Bool, _ buffer: [UInt8], _ operation: String) throws(SocketError) -> [UInt8] {
        try OptionValue(UInt32(value ? 1 : 0)).bytes(fitting: buffer.count, for: operation)
    }

    /// How much the connection carries at once.
    ///
    /// - Throws: WSAENOTCONN without one.
    func units(for operation: String) throws(SocketError) -> IrDATransferUnits {
        guard let units = try endpoint.transferUnits else {
            throw SocketError(
                .WSAENOTCONN, operation: operation, reason: "the socket is not connected",
                advice: "The length depends on the link; ask after connecting.")
        }
        return units
    }

    private func choose(
        _ layer: IrDASocketSettings.Layer, _ isWanted: Bool, _ operation: String
    ) throws(SocketError) {
        guard endpoint.kind == .stream else {
            throw SocketError(
                .WSAEOPNOTSUPP, operation: operation, reason: "only stream sockets have another layer than TinyTP")
        }
        try change(operation) { settings in
            if isWanted { settings.layer = layer } else if settings.layer == layer { settings.layer = .tinyTP }
        }
    }

    private func setMaximumMessage(_ size: Int32, _ operation: String) throws(SocketError) {
        guard endpoint.kind == .messages else {
            throw SocketError(
                .WSAENOPROTOOPT, operation: operation, reason: "only message sockets put segments together")
        }
        guard let size = UInt32(exactly: size), size > 0 else {
            throw SocketError(
                .WSAEINVAL, operation: operation, reason: "a message of \(size) bytes cannot be",
                advice: "Give a size from 1 on.")
        }
        try change(operation) { $0.maximumMessage = size }
    }

    /// Changes what the socket is to be; too late once it has an address or a peer.
    private func change(
        _ operation: String, _ change: (inout IrDASocketSettings) -> Void
    ) throws(SocketError) {
        guard isFresh else {
            throw SocketError(
                .WSAEINVAL, operation: operation, reason: "the socket is bound or connected already",
                advice: "Set the option before bind or connect.")
        }
        var wanted = settings.withLock { $0 }
        change(&wanted)
        try endpoint.apply(wanted)
        settings.withLock { $0 = wanted }
    }

    private func waitForDevice(_ buffer: [UInt8], _ operation: String) throws(SocketError) -> [UInt8] {
        let milliseconds = try OptionValue(bytes: buffer).integer(Int32.self, for: operation)
        let patience = Duration.milliseconds(max(0, milliseconds))
        let mask = hintMask.load(ordering: .relaxed)
        guard let device = try provider.waitForDevice(offering: mask, for: patience) else {
            throw SocketError(
                .WSAETIMEDOUT, operation: operation, reason: "no device came within \(milliseconds) ms")
        }
        return try OptionValue(device.id.rawValue).bytes(fitting: buffer.count, for: operation)
    }

    private func unknown(_ option: SocketOption, _ verb: String) -> SocketError {
        SocketError(
            .WSAENOPROTOOPT, operation: "\(verb) option \(option.name.rawValue) of level \(option.level.rawValue)",
            reason: "AF_IRDA does not have it")
    }
}
