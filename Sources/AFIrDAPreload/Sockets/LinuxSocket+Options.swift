import Glibc
import IrDABackend
import IrDAService
import SocketBackends
import SystemPackage

// getsockopt and setsockopt.
extension LinuxSocket {
    private static let intLength = MemoryLayout<Int32>.size

    /// getsockopt(2).
    ///
    /// - Parameters:
    ///   - level: the level; besides SOL_IRLMP there is SOL_SOCKET.
    ///   - name: the option.
    ///   - descriptor: the program's descriptor.
    ///   - value: the caller's memory, which some options read.
    ///   - room: its size.
    /// - Returns: what is to be written there.
    func option(
        level: Int32, name: Int32, on descriptor: Int32, value: UnsafeMutableRawPointer?, room: Int
    ) throws(Errno) -> [UInt8] {
        switch level {
        case SOL_SOCKET: return try generalOption(name, on: descriptor, room: room)
        case LinuxIrDA.level: break
        default: throw .protocolNotAvailable
        }
        switch LinuxIrLMPOption(rawValue: name) {
        case .enumDevices: return try devices(room: room)
        case .waitDevice: return try waitForDevice(value, room: room)
        case .maxSDUSize: return try Self.integer(longestSDU(), room: room)
        case .iasQuery: return try answer(to: try Self.block(at: value, length: room), asks: true)
        case .iasGet: return try answer(to: try Self.block(at: value, length: room), asks: false)
        default: throw .protocolNotAvailable
        }
    }

    /// setsockopt(2).
    func setOption(
        level: Int32, name: Int32, on descriptor: Int32, value: UnsafeRawPointer?, length: Int
    ) throws(Errno) {
        switch level {
        case SOL_SOCKET:
            try setGeneralOption(name, on: descriptor, value: value, length: length)
            return
        case LinuxIrDA.level: break
        default: throw .protocolNotAvailable
        }
        switch LinuxIrLMPOption(rawValue: name) {
        case .iasSet: try setAttribute(try Self.block(at: value, length: length))
        case .iasDelete: try removeAttribute(try Self.block(at: value, length: length))
        case .hintsSet:
            // The extension bit says that a second byte follows, which is the station's business.
            let hints = UInt16(truncatingIfNeeded: try Self.integer(at: value, length: length)) & 0x7F7F
            try Self.ask { client throws(SocketError) in try client.setHints(hints, for: id) }
        case .hintMaskSet:
            let mask = UInt16(truncatingIfNeeded: try Self.integer(at: value, length: length)) & 0x7F7F
            state { $0.hintMask = mask == 0 ? 0xFFFF : mask }
        case .maxSDUSize:
            // The kernel's check is the wrong way round; on the other types the number changes nothing.
            guard kind != .sequencedPacket else { throw .protocolNotAvailable }
            _ = try Self.integer(at: value, length: length)
        default: throw .protocolNotAvailable
        }
    }

    // MARK: Devices

    /// IRLMP_ENUMDEVICES. A kernel told what its background discovery had found; where ours has found nobody yet, the call looks.
    private func devices(room: Int) throws(Errno) -> [UInt8] {
        guard room >= LinuxDeviceList.countLength else { throw .invalidArgument }
        let found = try Station.devices(hints: state { $0.hintMask })
        let entries = found.map { LinuxDeviceList.Entry(station: $0.station, device: IrDADevice($0)) }
        guard !entries.isEmpty, let bytes = LinuxDeviceList.bytes(entries, room: room) else {
            throw .resourceTemporarilyUnavailable
        }
        return bytes
    }

    /// IRLMP_WAITDEVICE: milliseconds in, an address out.
    private func waitForDevice(_ value: UnsafeRawPointer?, room: Int) throws(Errno) -> [UInt8] {
        guard room == Self.intLength else { throw .invalidArgument }
        let milliseconds = UInt32(clamping: try Self.integer(at: value, length: room))
        let mask = state { $0.hintMask }
        let devices = try Self.ask { client throws(SocketError) in
            try client.awaitDevice(hints: mask, milliseconds: milliseconds).wait(isInterruptible: true)
        }
        guard let device = devices.first else { throw .resourceTemporarilyUnavailable }
        return OptionValue(device.address).bytes
    }

    // MARK: Information bases

    private static func block(at pointer: UnsafeRawPointer?, length: Int) throws(Errno) -> LinuxIASBlock {
        guard length == LinuxIASBlock.length,
            let block = LinuxIASBlock(bytes: try CallerMemory.read(length, from: pointer))
        else { throw .invalidArgument }
        return block
    }

    /// IRLMP_IAS_QUERY and IRLMP_IAS_GET: the block with the answer in it.
    private func answer(to block: LinuxIASBlock, asks: Bool) throws(Errno) -> [UInt8] {
        var block = block
        let value: ServiceAttribute
        if asks {
            value = try Self.query(block.attribute, ofClass: block.className, of: try subject(of: block))
        } else {
            let className = try ownOrGiven(block.className)
            value = try Self.localAttribute(block.attribute, ofClass: className)
        }
        guard let answer = IASAnswer(value) else { throw asks ? .addressNotAvailable : .invalidArgument }
        block.setValue(answer)
        return block.bytes
    }

    /// Whom a query asks: a connected socket its peer, whatever the block says.
    private func subject(of block: LinuxIASBlock) throws(Errno) -> ServiceSubject {
        if try refreshConnection() == .connected { return .peer(id) }
        guard !LinuxIrDA.isAnyDevice(block.device) else { throw .invalidArgument }
        guard try Station.hasDevice(block.device) else { throw .noRouteToHost }
        return .device(block.device)
    }

    private func ownOrGiven(_ className: [UInt8]) throws(Errno) -> [UInt8] {
        let name = className.isEmpty ? state { $0.ownClass } : className
        guard !name.isEmpty else { throw .invalidArgument }
        return name
    }

    private static func localAttribute(
        _ attribute: [UInt8], ofClass className: [UInt8]
    ) throws(Errno) -> ServiceAttribute {
        try ask { client throws(SocketError) in try client.localAttribute(attribute, ofClass: className) }
    }

    /// IRLMP_IAS_SET. Without privilege a program adds to the class of its own socket only.
    private func setAttribute(_ block: LinuxIASBlock) throws(Errno) {
        let className = try ownOrGiven(block.className)
        guard className == state({ $0.ownClass }) || geteuid() == 0 else { throw .notPermitted }
        guard let value = block.value.flatMap(ServiceAttribute.init),
            IASAnswer(try Self.localAttribute(block.attribute, ofClass: className)) == nil
        else { throw .invalidArgument }
        try Self.ask { client throws(SocketError) in
            try client.setAttribute(block.attribute, ofClass: className, to: value, for: id)
        }
    }

    /// IRLMP_IAS_DEL.
    private func removeAttribute(_ block: LinuxIASBlock) throws(Errno) {
        let className = try ownOrGiven(block.className)
        try Self.ask { client throws(SocketError) in
            try client.removeAttribute(block.attribute, ofClass: className, for: id)
        }
    }

    // MARK: Numbers

    /// IRLMP_MAX_SDU_SIZE: what one message may have, which for a stream is what fits one frame; 0 before there is a connection.
    private func longestSDU() throws(Errno) -> Int32 {
        // Ultra has no connections, and the same size everywhere.
        if kind != .ultra {
            guard try refreshConnection() == .connected else { return 0 }
        }
        return try Int32(
            clamping: Self.ask { client throws(SocketError) in try client.transferUnits(of: id) }.maximumSDU)
    }

    private static func integer(_ value: Int32, room: Int) throws(Errno) -> [UInt8] {
        guard room >= intLength else { throw .invalidArgument }
        return OptionValue(value).bytes
    }

    private static func integer(at pointer: UnsafeRawPointer?, length: Int) throws(Errno) -> Int32 {
        guard length >= intLength else { throw .invalidArgument }
        guard let pointer else { throw .badAddress }
        return try CallerMemory.load(Int32.self, at: pointer)
    }

    // MARK: SOL_SOCKET

    /// The options of any socket. Most are those of the pair's end; some would give away that it is one.
    private func generalOption(_ name: Int32, on descriptor: Int32, room: Int) throws(Errno) -> [UInt8] {
        let value: Int32
        switch name {
        case SO_TYPE: value = socketType
        case SO_DOMAIN: value = LinuxIrDA.family
        case SO_PROTOCOL: value = protocolNumber
        case SO_ACCEPTCONN: value = state { $0.phase } == .listening ? 1 : 0
        case SO_ERROR:
            // A kernel said 0 to everything; who waits for a connect with poll depends on the truth.
            try refreshConnection()
            value = state { $0.pendingError.take() }?.rawValue ?? 0
        case SO_SNDBUF where state({ $0.sendBufferSize }) != nil:
            // Twice what was asked for, as the kernel tells it.
            value = state { $0.sendBufferSize ?? 0 } * 2
        default:
            var bytes = [UInt8](repeating: 0, count: room)
            var length = socklen_t(room)
            try systemCall { getsockopt(descriptor, SOL_SOCKET, name, &bytes, &length) }
            return Array(bytes.prefix(Int(length)))
        }
        return Array(OptionValue(value).bytes.prefix(room))
    }

    private func setGeneralOption(
        _ name: Int32, on descriptor: Int32, value: UnsafeRawPointer?, length: Int
    ) throws(Errno) {
        let isConnected = try refreshConnection() == .connected
        if name == SO_SNDBUF || name == SO_SNDBUFFORCE, !isConnected {
            let size = try Self.integer(at: value, length: length)
            state { $0.sendBufferSize = min(max(size, 0), .max / 2) }
            return
        }
        try systemCall { setsockopt(descriptor, SOL_SOCKET, name, value, socklen_t(length)) }
    }

    private var socketType: Int32 {
        switch kind {
        case .stream: SocketType.stream.rawValue
        case .sequencedPacket: SocketType.sequencedPacket.rawValue
        case .unitdata, .ultra: SocketType.datagram.rawValue
        }
    }
}
