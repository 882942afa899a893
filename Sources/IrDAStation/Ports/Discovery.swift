import IrDAProtocol

/// A discovery by hand, for trying out a port: one slot, by a station that is nobody.
enum Discovery {
    /// Its two frames, with a new address each time.
    static var frames: [IrLAPTransmission] {
        var random = SystemRandomNumberGenerator()
        let source = DeviceAddress.random(using: &random)
        let info = DeviceInfo(name: "IrSock", hints: []).bytes
        return [XIDFrame.Slot.number(0), .final].map { slot in
            let frame = XIDFrame(
                isResponse: false, source: source, destination: .broadcast, slotCount: .one, slot: slot,
                info: slot == .final ? info : [])
            return IrLAPTransmission(frame: frame.frame, additionalBOFs: 10)
        }
    }

    /// Who has answered, each once, by name and address.
    static func answers(in frames: [[UInt8]]) -> [String] {
        var devices: [String] = []
        for bytes in frames {
            guard let xid = IrLAPFrame(bytes: bytes).flatMap(XIDFrame.init), xid.isResponse else { continue }
            let device = "\(DeviceInfo(bytes: xid.info).name) (\(xid.source))"
            if !devices.contains(device) { devices.append(device) }
        }
        return devices
    }
}
