import IrDAAdapters
import IrDAProtocol

/// Between the frames of a station and an adapter's own face: whole frames, or the characters of one frame at a time.
enum LightFramer {
    /// What an adapter takes one by one.
    static func light(_ frames: [IrLAPTransmission], asFrames: Bool) -> [AdapterLight] {
        frames.map { transmission in
            asFrames
                ? .frame(transmission.frame.bytes, additionalBOFs: transmission.additionalBOFs)
                : .characters(SIRFramer.encode(transmission.frame, additionalBOFs: transmission.additionalBOFs))
        }
    }

    /// What a port reports of light that an adapter has heard.
    static func event(_ light: AdapterLight) -> LightPortEvent {
        switch light {
        case .characters(let characters): .received(characters)
        case .frame(let frame, _): .receivedFrame(frame)
        }
    }
}

extension LightPortCapabilities {
    /// What an adapter can do, as far as it has said so.
    init(_ adapter: any USBAdapter) {
        self.init(
            rates: BaudRateSet(adapter.rates), minimumTurnaround: MinimumTurnaround(atLeast: adapter.minimumTurnaround))
        // The next smaller size, and the next larger number of fillers, that IrLAP can say.
        dataSize = DataSize.allCases.last { $0.bytes <= adapter.dataSize } ?? .bytes64
        windowSize = adapter.windowSize
        additionalBOFs = AdditionalBOFs.allCases.last { $0.countAt115200 >= adapter.additionalBOFs } ?? .bofs48
        keepsTurnaround = adapter.keepsTurnaround
    }
}
