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

    func deliver(_ bytes: [UInt8], done: @escaping @Sendable () -> Void) {
        guard !state.value.isClosed else { return done() }
        state.value.outgoing.append((bytes, done))
        flush()
        rearm()
    }

    func requestRead() {
        state.value.wantsRead = true
        // After the other end has gone the kernel reports nothing new.
        if state.value.hasHungUp { state.eventLoop.execute { self.read() } } else { rearm() }
    }

    func close() {
        state.value.isClosing = true
        if state.value.outgoing.isEmpty { abandon() }
    }

    func abandon() {
        guard !state.value.isClosed else { return }
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
        guard let count = attempt({ recv($0, &buffer, buffer.count, Int32(MSG_DONTWAIT)) }) else { return }
        if count > 0 {
            state.value.wantsRead = false
            handler(Array(buffer.prefix(count)))
        } else if count < 0 || state.value.hasHungUp {
            leave()
        } else {
            rearm()  // An empty message, which IrDA does not know.
        }
    }

    private func leave() {
        abandon()
        handler(nil)
    }

    private var hasInput: Bool {
        var byte: UInt8 = 0
        return attempt { recv($0, &byte, 1, Int32(MSG_DONTWAIT) | Int32(MSG_PEEK)) } ?? 0 > 0
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
