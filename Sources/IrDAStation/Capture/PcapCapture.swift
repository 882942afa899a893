import IrDAProtocol
public import IrDASimulation

/// Frames as bytes of a capture file that Wireshark and tshark read: classic pcap, version 2.4, link type 144
/// (LINUX_IRDA).
///
/// Times are in nanoseconds. Numbers are little endian on every machine, so that the same run gives the same file.
public enum PcapCapture {
    /// The longest record that readers must expect, in bytes; IrLAP's longest frame is far from it.
    static let snapshotLength = 65535
    private static let nanosecondMagic: UInt32 = 0xA1B2_3C4D
    private static let linkType: UInt32 = 144

    /// What a file begins with.
    public static let header: [UInt8] =
        bytes(nanosecondMagic) + bytes(UInt16(2)) + bytes(UInt16(4)) + bytes(UInt32(0)) + bytes(UInt32(0))
        + bytes(UInt32(snapshotLength)) + bytes(linkType)

    /// One frame, to be put behind what is there already.
    ///
    /// The frame stands behind a header of 16 bytes, whose numbers are big endian: the packet type (0000 received, 0004
    /// sent), the hardware type and address, which nobody reads (zero), and the protocol 0017.
    ///
    /// - Parameters:
    ///   - frame: A, C and information, with no BOF, FCS or escapes.
    ///   - epoch: the time of the clock's start, counted from 1970-01-01 00:00 UTC. Times that the format cannot tell
    ///     (before 1970, after 2106) are brought to its limits.
    public static func record(for frame: ObservedFrame, epoch: Duration) -> [UInt8] {
        let packetType: [UInt8] =
            switch frame.direction {
            case .received: [0x00, 0x00]
            case .sent: [0x00, 0x04]
            }
        let packet = packetType + [UInt8](repeating: 0, count: 12) + [0x00, 0x17] + frame.bytes
        let kept = packet.prefix(snapshotLength)
        let time = max(.zero, epoch + .nanoseconds(frame.moment.nanoseconds)).components
        let seconds = UInt32(clamping: time.seconds)
        let nanoseconds = UInt32(clamping: time.attoseconds / 1_000_000_000)
        return bytes(seconds) + bytes(nanoseconds) + bytes(UInt32(clamping: kept.count))
            + bytes(UInt32(clamping: packet.count)) + kept
    }

    private static func bytes(_ number: some FixedWidthInteger & UnsignedInteger) -> [UInt8] {
        stride(from: 0, to: number.bitWidth, by: 8).map { UInt8(truncatingIfNeeded: number >> $0) }
    }
}
