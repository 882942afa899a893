import SocketBackends
import TestSupport
import Testing

@testable import Winsock

@Suite("Event objects")
struct EventObjectTests {
    let winsock: Winsock

    init() throws {
        winsock = try Fixture().winsock
    }

    @Test("they are made not signalled, and stay as they are set or reset")
    func manualReset() throws {
        let event = try winsock.createEvent()
        #expect(try !winsock.isSignalled(event))
        try winsock.setEvent(event)
        #expect(try winsock.isSignalled(event))
        #expect(try winsock.isSignalled(event))
        try winsock.resetEvent(event)
        #expect(try !winsock.isSignalled(event))
    }

    @Test("what is not open is WSA_INVALID_HANDLE")
    func closed() throws {
        let event = try winsock.createEvent()
        try winsock.closeEvent(event)
        for handle in [event, .invalid, EventHandle(rawValue: 1)] {
            expect(.WSA_INVALID_HANDLE) { try winsock.setEvent(handle) }
            expect(.WSA_INVALID_HANDLE) { try winsock.resetEvent(handle) }
            expect(.WSA_INVALID_HANDLE) { try winsock.closeEvent(handle) }
            expect(.WSA_INVALID_HANDLE) { _ = try winsock.waitForMultipleEvents([handle], timeout: .zero) }
            #expect(winsock.lastError == .WSA_INVALID_HANDLE)
        }
    }

    @Test("a wait for any answers the lowest index; a wait for all answers when all are signalled")
    func waiting() throws {
        let events = try (0..<64).map { _ in try winsock.createEvent() }
        #expect(try winsock.waitForMultipleEvents(events, timeout: .zero) == nil)
        try winsock.setEvent(events[63])
        #expect(try winsock.waitForMultipleEvents(events, timeout: nil) == 63)
        try winsock.setEvent(events[7])
        #expect(try winsock.waitForMultipleEvents(events, timeout: nil) == 7)
        #expect(try winsock.waitForMultipleEvents(events, waitingForAll: true, timeout: .milliseconds(1)) == nil)
        for event in events { try winsock.setEvent(event) }
        #expect(try winsock.waitForMultipleEvents(events, waitingForAll: true, timeout: nil) == 0)
        #expect(try winsock.isSignalled(events[3]))
    }

    @Test("1 to 64 events, none of them twice in a wait for all, no negative time")
    func parameters() throws {
        let event = try winsock.createEvent()
        expect(.WSA_INVALID_PARAMETER) { _ = try winsock.waitForMultipleEvents([], timeout: nil) }
        expect(.WSA_INVALID_PARAMETER) {
            _ = try winsock.waitForMultipleEvents(Array(repeating: event, count: 65), timeout: nil)
        }
        expect(.WSA_INVALID_PARAMETER) {
            _ = try winsock.waitForMultipleEvents([event, event], waitingForAll: true, timeout: nil)
        }
        expect(.WSA_INVALID_PARAMETER) {
            _ = try winsock.waitForMultipleEvents([event], timeout: .milliseconds(-1))
        }
        #expect(try winsock.waitForMultipleEvents([event, event], timeout: .zero) == nil)
    }

    @Test("a wait ends when another thread sets the event, or closes it", arguments: 0..<20)
    func crossThread(round: Int) async throws {
        let events = try (0..<3).map { _ in try winsock.createEvent() }
        let waitingForAll = round.isMultiple(of: 3)
        if waitingForAll { for event in events.dropFirst() { try winsock.setEvent(event) } }
        let answer = try BackgroundThread { [winsock] in
            try winsock.waitForMultipleEvents(events, waitingForAll: waitingForAll, timeout: .patience)
        }
        if round.isMultiple(of: 2) {
            try winsock.setEvent(events[0])
            #expect(try await answer.value() == 0)
        } else {
            try winsock.closeEvent(events[0])
            let error = await #expect(throws: SocketError.self) { try await answer.value() }
            #expect(error?.code == .WSA_INVALID_HANDLE)
        }
    }
}
