import Glibc
import IrDAService
import SocketBackends
import struct SystemPackage.FileDescriptor

/// Something that a program waits for.
struct Ticket: Sendable {
    /// Our end; the answer goes there.
    let end: SharedDescriptor
    let client: ServiceServer.ClientID
    /// Notices when the program waits no longer.
    let watch: DescriptorWatcher.Watch
    /// Calls it off on the station, where that saves something.
    var cancel: (@Sendable (isolated StationHost) -> Void)?
}

struct TicketID: Hashable, Sendable {
    let number: UInt64
}

// What takes time is answered on a descriptor of its own.
extension ServiceServer {
    /// Answers a request with a ticket, and starts what it is for.
    func issueTicket(
        number: UInt32, to client: ClientID, _ start: (TicketID) -> (@Sendable (isolated StationHost) -> Void)?
    ) throws(SocketError) {
        guard clients[client]?.tickets.count ?? 0 < limits.ticketsPerClient else {
            throw SocketError(
                .WSAENOBUFS, errno: .noBufferSpace, operation: "ask for more",
                reason: "the program waits for \(limits.ticketsPerClient) things already")
        }
        let pair = try ProgramPair.open(.sequencedPacket)
        let end = SharedDescriptor(OwnedDescriptor(try pair.station.open()))
        let id = TicketID(number: newNumber())
        let watch = try end.withDescriptor(for: "watch a ticket") { descriptor throws(SocketError) in
            try watcher.watch(descriptor, for: []) { _ in self.assumeIsolated { $0.callOff(id) } }
        }
        tickets[id] = Ticket(end: end, client: client, watch: watch)
        clients[client]?.tickets.insert(id)
        pair.program.withDescriptor { reply(.ticket, passing: $0, number: number, to: client) }
        let cancel = start(id)
        tickets[id]?.cancel = cancel
    }

    /// Gives the answer.
    func finish(_ id: TicketID, _ answer: ServiceReply) {
        guard let ticket = remove(id) else { return }
        // A program that waits no longer needs no answer.
        try? ticket.end.withDescriptor(for: "answer") { end in
            try? MessageSocket.send(answer.bytes(number: 0), on: end, flags: Int32(MSG_DONTWAIT))
        }
        ticket.end.close()
    }

    /// Nobody waits any more.
    func callOff(_ id: TicketID) {
        guard let ticket = remove(id) else { return }
        ticket.end.close()
        if let cancel = ticket.cancel { host.assumeIsolated { cancel($0) } }
    }

    private func remove(_ id: TicketID) -> Ticket? {
        guard let ticket = tickets.removeValue(forKey: id) else { return nil }
        clients[ticket.client]?.tickets.remove(id)
        try? ticket.end.withDescriptor(for: "leave a ticket") { watcher.drop(ticket.watch, of: $0) }
        return ticket
    }
}
