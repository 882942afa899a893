import IrDAProtocol

/// A timeline as a picture: a row for each stretch of time, with our light in the upper lane and the peer's in the lower.
///
/// The picture is SVG, as any browser shows it. What each frame is stands in its tooltip.
public struct TimelineDrawing: Sendable {
    private static let width = 1000.0
    private static let margin = 60.0
    private static let lane = 14.0
    private static let rowHeight = 56.0
    private static let head = 46.0
    /// More rows than this nobody looks at.
    private static let mostRows = 400

    private let timeline: Timeline
    private let row: Duration

    /// Draws a timeline.
    ///
    /// - Parameters:
    ///   - timeline: what to draw.
    ///   - row: how much time one row shows; at least a millisecond.
    public init(_ timeline: Timeline, row: Duration) {
        self.timeline = timeline
        self.row = max(row, .milliseconds(1))
    }

    /// The document.
    public var svg: String {
        let start = timeline.lights.first?.start ?? .start
        let end = timeline.lights.map(\.end).max() ?? start
        let needed = Int((start.duration(to: end) / row).rounded(.up))
        let rows = min(max(1, needed), Self.mostRows)
        let height = Self.head + Double(rows) * Self.rowHeight + 10
        var lines = [
            #"<svg xmlns="http://www.w3.org/2000/svg" width="\#(number(Self.width + 2 * Self.margin))" "#
                + #"height="\#(number(height))" font-family="sans-serif" font-size="11">"#,
            #"<rect width="100%" height="100%" fill="white"/>"#,
        ]
        lines += legend
        for index in 0..<rows { lines += axis(of: index, from: start) }
        for light in timeline.lights { lines += draw(light, from: start, rows: rows) }
        lines.append("</svg>")
        return lines.joined(separator: "\n") + "\n"
    }

    private var legend: [String] {
        var lines: [String] = []
        var x = Self.margin
        for kind in Kind.allCases {
            lines.append(
                #"<rect x="\#(number(x))" y="12" width="12" height="12" fill="\#(kind.colour)"/>"#
                    + #"<text x="\#(number(x + 17))" y="22">\#(kind.rawValue)</text>"#)
            x += 150
        }
        return lines
    }

    private func axis(of index: Int, from start: IrDAInstant) -> [String] {
        let top = Self.head + Double(index) * Self.rowHeight
        let middle = top + Self.lane + 2
        let time = Double(index) * (row / .milliseconds(1))
        var lines = [
            #"<text x="4" y="\#(number(middle + 4))">\#(number(time)) ms</text>"#,
            #"<line x1="\#(number(Self.margin))" y1="\#(number(middle))" x2="\#(number(Self.margin + Self.width))" "#
                + #"y2="\#(number(middle))" stroke="gray"/>"#,
        ]
        for tick in 0...10 {
            let x = Self.margin + Double(tick) * Self.width / 10
            lines.append(
                #"<line x1="\#(number(x))" y1="\#(number(top))" x2="\#(number(x))" "#
                    + #"y2="\#(number(top + 2 * Self.lane + 4))" stroke="lightgray"/>"#)
        }
        return lines
    }

    /// One light may go over several rows.
    private func draw(_ light: Timeline.Light, from start: IrDAInstant, rows: Int) -> [String] {
        let from = start.duration(to: light.start) / row
        let to = start.duration(to: light.end) / row
        var lines: [String] = []
        for index in Int(from)...max(Int(from), Int(to)) where index < rows {
            let left = max(0, from - Double(index))
            let right = min(1, to - Double(index))
            guard right > left else { continue }
            let top =
                Self.head + Double(index) * Self.rowHeight + (light.direction == .sent ? 0 : Self.lane + 4)
            let title =
                "\(number(start.duration(to: light.start) / .milliseconds(1))) ms, "
                + "\(number(light.duration / .milliseconds(1))) ms at \(light.rate): \(light.text)"
                + (light.isRepeated ? ", again" : "")
            lines.append(
                #"<rect x="\#(number(Self.margin + left * Self.width))" y="\#(number(top))" "#
                    + #"width="\#(number(max(0.5, (right - left) * Self.width)))" height="\#(number(Self.lane))" "#
                    + #"fill="\#(Kind(light).colour)"><title>\#(escaped(title))</title></rect>"#)
        }
        return lines
    }

    /// Two decimals are a hundredth of a pixel.
    private func number(_ value: Double) -> String {
        guard value.isFinite, value.magnitude < 1e12 else { return "0" }
        let hundredths = Int((value * 100).rounded())
        let text = "\(hundredths.magnitude / 100)"
        let rest = hundredths.magnitude % 100
        let fraction = rest == 0 ? "" : rest < 10 ? ".0\(rest)" : rest % 10 == 0 ? ".\(rest / 10)" : ".\(rest)"
        return (hundredths < 0 ? "-" : "") + text + fraction
    }

    private func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            default: result.append(character)
            }
        }
        return result
    }

    private enum Kind: String, CaseIterable {
        case data = "data (I, UI)"
        case again = "data sent again"
        case supervisory = "polls and answers"
        case control = "connection control"
        case discovery = "discovery"
        case other = "anything else"

        init(_ light: Timeline.Light) {
            switch IrLAPFrame(bytes: light.bytes)?.control {
            case .information?: self = light.isRepeated ? .again : .data
            case .supervisory?: self = .supervisory
            case .unnumbered(.unnumberedInformation, _)?: self = .data
            case .unnumbered(.xidCommand, _)?, .unnumbered(.xidResponse, _)?: self = .discovery
            case .unnumbered?: self = .control
            case nil: self = .other
            }
        }

        var colour: String {
            switch self {
            case .data: "#2b6cb0"
            case .again: "#c53030"
            case .supervisory: "#a0aec0"
            case .control: "#dd6b20"
            case .discovery: "#38a169"
            case .other: "#1a202c"
            }
        }
    }
}
