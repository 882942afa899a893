import IrDAProtocol
import NIOCore

/// How fast the clock of a simulated medium runs.
public enum Speed: Hashable, Sendable {
    /// So many seconds on the medium for each second on the wall; 1 is real time.
    case times(Double)
    /// The clock jumps while light or queued frames are all there is to wait for, and runs in real time while a program is what
    /// is waited for: no watchdog fires before a program has had its turn.
    case maximum
}

/// Which moment it is on the medium, by the clock on the wall.
struct Pace: Sendable {
    let speed: Speed
    private var anchor: (medium: IrDAInstant, wall: NIODeadline)

    init(_ speed: Speed, startingAt wall: NIODeadline) {
        self.speed = speed
        anchor = (.start, wall)
    }

    private var factor: Double {
        switch speed {
        case .times(let factor): factor
        case .maximum: 1
        }
    }

    /// How far the medium may have come by now.
    func moment(at wall: NIODeadline) -> IrDAInstant {
        // A century is as good as the end of time; it also keeps the arithmetic within bounds.
        let passed = min(Double((wall - anchor.wall).nanoseconds) * factor, 100 * 365 * 86_400e9)
        return anchor.medium.advanced(by: .nanoseconds(Int64(passed)))
    }

    /// When the wall clock reaches a moment of the medium.
    func wallTime(of moment: IrDAInstant) -> NIODeadline {
        let ahead = Double(moment.nanoseconds - anchor.medium.nanoseconds) / factor
        // A day is as good as never; it also keeps the arithmetic within bounds.
        return anchor.wall + .nanoseconds(Int64(min(ahead.rounded(.up), 86_400e9)))
    }

    /// Notes that the medium has jumped.
    mutating func jumped(to moment: IrDAInstant, at wall: NIODeadline) {
        anchor = (moment, wall)
    }
}
