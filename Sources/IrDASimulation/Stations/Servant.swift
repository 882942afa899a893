import IrDAProtocol

/// What a simulated service does with its connections.
public enum ServiceBehaviour: Hashable, Sendable {
    /// Sends back whatever comes.
    case echo
    /// Swallows whatever comes.
    case sink
    /// Sends this many bytes of a known pattern, then ends the connection.
    case source(bytes: Int)
    /// Takes objects by OBEX and throws them away, and gives a business card, as phones do.
    case inbox
    /// A serial port behind IrCOMM with a loopback plug: data, lines and breaks come back.
    case serial
    /// A modem behind IrCOMM that answers a few commands (`AT`, `ATI`, `AT+IPR?`, `AT&V`).
    case modem
    /// A printer that takes data without TinyTP, as class IrLPT has it, and throws it away.
    case printer
    /// Runs a program whose standard input and output are the connection; whoever runs the simulation sees to it.
    case program(String)

    /// The byte at a place of the pattern that `source` sends: easy to check, and without a short period.
    public static func patternByte(at offset: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: offset &+ (offset >> 8) &+ (offset >> 16))
    }
}

/// One connection of a service that runs inside the simulation.
struct Servant: Sendable {
    /// What it wants to do next.
    enum Step: Sendable {
        case send(ArraySlice<UInt8>)
        case sendMessage([UInt8])
        case consume(segments: Int)
        case disconnect
        case wait
    }

    private enum Work: Sendable {
        /// The segments that are still to be sent back, and how far the first of them is.
        case echo([[UInt8]], offset: Int)
        case sink(unconsumed: Int)
        case source(sent: Int, total: Int)
        case inbox(InboxServant)
        case port(PortServant)
    }

    private var work: Work

    /// - Returns: nil for a behaviour that is not run inside the simulation.
    init?(_ behaviour: ServiceBehaviour) {
        switch behaviour {
        case .echo: work = .echo([], offset: 0)
        case .sink, .printer: work = .sink(unconsumed: 0)
        case .source(let bytes): work = .source(sent: 0, total: bytes)
        case .inbox: work = .inbox(InboxServant())
        case .serial: work = .port(PortServant(.loopback))
        case .modem: work = .port(PortServant(.modem(ModemCommands())))
        case .program: return nil
        }
    }

    /// The connection is open, and for messages of at most so many bytes.
    mutating func opened(messageLimit: Int) {
        guard case .port(var port) = work else { return }
        port.opened(messageLimit: messageLimit)
        work = .port(port)
    }

    mutating func received(_ segment: [UInt8]) {
        switch work {
        case .echo(let segments, let offset): work = .echo(segments + [segment], offset: offset)
        case .sink(let unconsumed): work = .sink(unconsumed: unconsumed + 1)
        case .inbox(var inbox):
            inbox.received(segment)
            work = .inbox(inbox)
        case .port(var port):
            port.received(segment)
            work = .port(port)
        case .source: break  // Not consumed either: who talks to a source soon runs out of credit.
        }
    }

    /// The next thing to do when the peer has room for so many bytes.
    mutating func next(room: Int) -> Step {
        switch work {
        case .echo(let segments, let offset):
            guard let first = segments.first else { return .wait }
            // A segment counts as consumed when all of it is on its way back, so that the peer feels its own reading speed.
            if offset == first.count {
                work = .echo(Array(segments.dropFirst()), offset: 0)
                return .consume(segments: 1)
            }
            guard room > 0 else { return .wait }
            let piece = first[offset...].prefix(room)
            work = .echo(segments, offset: piece.endIndex)
            return .send(piece)
        case .sink(let unconsumed):
            work = .sink(unconsumed: 0)
            return unconsumed > 0 ? .consume(segments: unconsumed) : .wait
        case .inbox(var inbox):
            defer { work = .inbox(inbox) }
            return inbox.next(room: room)
        case .port(var port):
            defer { work = .port(port) }
            return port.next(room: room)
        case .source(let sent, let total):
            if sent == total { return .disconnect }
            guard room > 0 else { return .wait }
            let end = min(total, sent + room)
            work = .source(sent: end, total: total)
            return .send(ArraySlice((sent..<end).map(ServiceBehaviour.patternByte(at:))))
        }
    }
}
