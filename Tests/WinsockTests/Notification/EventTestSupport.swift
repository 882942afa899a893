import SocketBackends
import TestSupport
import Testing

@testable import Winsock

extension Winsock {
    /// Waits for the event object and reads the record until it holds all of these, with a bound that only a broken test reaches.
    func collect(_ expected: NetworkEvents, of handle: SocketHandle, _ event: EventHandle) throws -> [NetworkEvent:
        WSAErrorCode]
    {
        var codes: [NetworkEvent: WSAErrorCode] = [:]
        while !expected.events.allSatisfy({ codes[$0] != nil }) {
            let index = try waitForMultipleEvents([event], timeout: .patience)
            try #require(index == 0, "waited in vain for \(expected.events), came \(codes)")
            let report = try enumNetworkEvents(handle, resetting: event)
            for event in report.events.events { codes[event] = report.code(of: event) }
        }
        return codes
    }

    /// Whether the event object is signalled now.
    func isSignalled(_ event: EventHandle) throws -> Bool {
        try waitForMultipleEvents([event], timeout: .zero) != nil
    }
}

extension MessageQueue {
    /// The next messages, with a bound that only a broken test reaches.
    func next(_ count: Int) throws -> [SocketMessage] {
        try (0..<count).map { number in
            let isThere = try wait(timeout: .patience)
            try #require(isThere, "message \(number) did not come")
            return try #require(peek())
        }
    }

    /// The events of the next messages.
    func nextEvents(_ count: Int) throws -> [NetworkEvent] { try next(count).map(\.notice.event) }
}
