import SocketBackends
import Synchronization

// The options of SOL_IRLMP (af_irda.h). Those that only Windows 98 and CE knew do not exist here either.
extension IrDASocket {
    func option(_ option: SocketOption, buffer: [UInt8]) throws(SocketError) -> [UInt8] {
        let operation = "read option \(option.name.rawValue) of SOL_IRLMP"
        switch option {
        case .irlmpEnumDevices:  // rule R52
            return try DeviceList.bytes(try provider.discover(), room: buffer.count)
        case .irlmpIASQuery:
            let question = try IASQueryBlock(bytes: buffer)
            let answer = try provider.query(
                question.attribute, ofClass: question.className, device: question.device)
            return question.bytes(with: answer)
        case .irlmpSendPDULength:
            guard let length = try endpoint.sendPDULength else {
                throw SocketError(
                    .WSAENOTCONN, operation: operation, reason: "the socket is not connected",
                    advice: "The length depends on the link; ask after connecting.")
            }
            return try OptionValue(UInt32(clamping: length)).bytes(fitting: buffer.count, for: operation)
        case .irlmpExclusiveMode:
            let value: UInt32 = isExclusive.load(ordering: .relaxed) ? 1 : 0
            return try OptionValue(value).bytes(fitting: buffer.count, for: operation)
        case .type:
            return try OptionValue(kind.type.rawValue).bytes(fitting: buffer.count, for: "read SO_TYPE")
        default:
            throw unknown(option, "read")
        }
    }

    func setOption(_ option: SocketOption, to value: [UInt8]) throws(SocketError) {
        switch option {
        case .irlmpIASSet:
            let block = try IASSetBlock(bytes: value)
            try endpoint.setAttribute(block.attribute, ofClass: block.className, to: block.value)
        case .irlmpExclusiveMode:
            let wanted = try OptionValue(bytes: value).boolean(for: "set IRLMP_EXCLUSIVE_MODE")
            isExclusive.store(wanted, ordering: .relaxed)
        default:
            throw unknown(option, "set")
        }
    }

    private func unknown(_ option: SocketOption, _ verb: String) -> SocketError {
        SocketError(
            .WSAENOPROTOOPT, operation: "\(verb) option \(option.name.rawValue) of level \(option.level.rawValue)",
            reason: "AF_IRDA does not have it")
    }
}
