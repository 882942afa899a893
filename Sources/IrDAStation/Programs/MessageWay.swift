import CLinux
import DequeModule
import Glibc
import NIOCore
import SocketBackends
import struct SystemPackage.Errno
import struct SystemPackage.FileDescriptor

/// A way for messages, whose bounds both sides keep: one call, one message.
final class MessageWay: ProgramWay {
    /// What comes from the program; nil when it has left.
    typealias Handler = @Sendable ([UInt8]?) -> Void

    private struct State {
        var outgoing: Deque<(bytes: [UInt8], done: @Sendable () -> Void)> = []
        var wantsRead = false
        /// The program has left; what it wrote before waits to be asked for.
        var hasHungUp = false
        var isClosing = false
        var isClosed = false
        var watch: DescriptorWatcher.Watch?
    }

    private let end: SharedDescriptor
    private let watcher: DescriptorWatcher
    private let state: NIOLoopBoundBox<State>
    private let handler: Handler
    /// The longest message that a program can send at once; a longer one is cut.
    private static let longestMessage = 65_535
    /// Of data that comes without credit so much waits for a program that does not read; the rest is lost, as in a kernel's queue.
    private static let mostUncredited = 64

    init(
        _ end: consuming OwnedDescriptor, watcher: DescriptorWatcher, loop: any EventLoop,
        handler: @escaping Handler
    ) throws(SocketError) {
        self.end = SharedDescriptor(end)
        self.watcher = watcher
        self.handler = handler
        state = NIOLoopBoundBox(State(), eventLoop: loop)
        state.value.watch = try self.end.withDescriptor(for: "watch a program") { descriptor throws(SocketError) in
            try watcher.watch(descriptor, for: []) { [weak self] interest in self?.happened(interest) }
        }
    }

    func deliver(_ arrival: Arrival, done: @escaping @Sendable () -> Void) {
        guard !state.value.isClosed, arrival.isCredited || state.value.outgoing.count < Self.mostUncredited else {
            return done()
        }
        state.value.outgoing.append((arrival.bytes, done))
        flush()
        rearm()
    }

    func requestRead() {
        state.value.wantsRead = true
        // After the other end has gone the kernel reports nothing new.
        if state.value.hasHungUp { state.eventLoop.execute { self.read() } } else { rearm() }
    }

    func stopListening() -> Int {
        guard !state.value.isClosed else { return 0 }
        state.value.wantsRead = false
        return attempt { ProgramPair.stopListening($0) } ?? 0
    }

    func close() {
        state.value.isClosing = true
        if state.value.outgoing.isEmpty { abandon() }
    }

    func abandon() {
        guard !state.value.isClosed else { return }
        _ = stopListening()
        state.value.isClosed = true
        if let watch = state.value.watch.take() {
            try? end.withDescriptor(for: "leave a program") { watcher.drop(watch, of: $0) }
        }
        end.close()
        let unsent = state.value.outgoing
        state.value.outgoing = []
        for message in unsent { message.done() }
    }

    // MARK: The descriptor

    private func happened(_ interest: DescriptorWatcher.Interest) {
        guard !state.value.isClosed else { return }
        if !interest.isDisjoint(with: .hungUp) { state.value.hasHungUp = true }
        flush()
        if state.value.wantsRead { read() } else if state.value.hasHungUp && !hasInput { leave() }
        if !state.value.hasHungUp { rearm() }
    }

    private func rearm() {
        guard let watch = state.value.watch else { return }
        var interest: DescriptorWatcher.Interest = []
        if state.value.wantsRead { interest.insert(.readable) }
        if !state.value.outgoing.isEmpty { interest.insert(.writable) }
        try? end.withDescriptor(for: "watch a program") { watcher.renew(watch, of: $0, for: interest) }
    }

    private func flush() {
        while let message = state.value.outgoing.first {
            let outcome = attempt { descriptor in
                send(descriptor, message.bytes, message.bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            }
            // A program that has left needs no more messages; that it has is noticed by the watch.
            if outcome == nil { return }
            state.value.outgoing.removeFirst()
            message.done()
        }
        if state.value.isClosing { abandon() }
    }

    /// Reads the message that is wanted; what a program wrote before it left comes first.
    private func read() {
        guard !state.value.isClosed, state.value.wantsRead else { return }
        var buffer = [UInt8](repeating: 0, count: Self.longestMessage)
        guard let count = receive({ recv($0, &buffer, buffer.count, Int32(MSG_DONTWAIT)) }) else { return }
        if count > 0 {
            state.value.wantsRead = false
            handler(Array(buffer.prefix(count)))
        } else if count < 0 || state.value.hasHungUp {
            leave()
        } else {
            // Nothing more will come of a program that has shut its side down; else it is an empty message, which IrDA does not know.
            if hasEnded { state.value.wantsRead = false }
            rearm()
        }
    }

    private var hasEnded: Bool {
        attempt { descriptor in
            // poll(2) and epoll(7) number it alike.
            var entry = pollfd(fd: descriptor, events: Int16(EPOLLRDHUP.rawValue), revents: 0)
            return Int(poll(&entry, 1, 0))
        } ?? 0 > 0
    }

    private func leave() {
        abandon()
        handler(nil)
    }

    private var hasInput: Bool {
        var byte: UInt8 = 0
        return receive { recv($0, &byte, 1, Int32(MSG_DONTWAIT) | Int32(MSG_PEEK)) } ?? 0 > 0
    }

    /// Receives. Of a program that has closed with something unread that is heard first, and then its last words.
    private func receive(_ call: (Int32) -> Int) -> Int? {
        let outcome = attempt(call)
        return outcome == -1 ? attempt(call) : outcome
    }

    /// - Returns: nil if the call would have to wait; -1 if it failed otherwise.
    private func attempt(_ call: (Int32) -> Int) -> Int? {
        do {
            return try end.withDescriptor(for: "reach a program") { descriptor throws(SocketError) in
                try systemCall(for: "reach a program") { call(descriptor.rawValue) }
            }
        } catch {
            return error.errno == .resourceTemporarilyUnavailable ? nil : -1
        }
    }
}
