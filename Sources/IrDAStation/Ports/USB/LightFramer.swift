import IrDAAdapters
import IrDAProtocol

/// Between the characters of a port and an adapter's own face: whole frames, or the characters of one frame at a time.
struct LightFramer {
    private static let filler: UInt8 = 0xFF
    private static let begin: UInt8 = 0xC0
    private static let end: UInt8 = 0xC1

    /// Takes a transmission apart into what an adapter takes one by one.
    static func light(_ bytes: [UInt8], asFrames: Bool) -> [AdapterLight] {
        bytes.split(separator: end, omittingEmptySubsequences: true).compactMap { piece in
            let characters = Array(piece) + [end]
            guard asFrames else { return .characters(characters) }
            let fillers = piece.prefix { $0 == filler }.count
            var deframer = SIRDeframer()
            for case .frame(let frame) in deframer.receive(characters) {
                return .frame(frame, additionalBOFs: fillers)
            }
            return nil  // Our own frames are good; anything else is nothing that such an adapter could send.
        }
    }

    /// The characters of light that was received.
    static func characters(_ light: AdapterLight) -> [UInt8] {
        switch light {
        case .characters(let characters): characters
        case .frame(let frame, _): SIRFramer.encode(frame, additionalBOFs: 0)
        }
    }
}
