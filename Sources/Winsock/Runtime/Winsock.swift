public import SocketBackends
import Synchronization

/// A Winsock of a program's own: start-up count, handles, last errors, and the rules that the documentation of `connect` and its
/// neighbours gives to sockets of every family. The families themselves come from the registry.
///
/// Every call throws a `SocketError`, and leaves its code as the last error of the calling thread (rule R2). All calls may be made from
/// any thread; blocking ones wait on the thread that makes them.
public final class Winsock: Sendable {
    /// The families that this runtime serves.
    public let registry: AddressFamilyRegistry

    private let state = Mutex(State())
    private let lastErrors: LastErrors
    private let startedMonitor = Mutex<ReadinessMonitor?>(nil)
    let events = EventObjects()
    let environment: SocketEnvironment
    var blockingCalls: BlockingCalls { environment.blockingCalls }

    private struct State {
        var startUps = StartUpCount()
        var sockets = HandleTable<SocketHandle, OpenSocket>()
    }

    /// Makes a runtime; it serves calls after `startup`.
    ///
    /// - Throws: WSAENOBUFS if the process has no room for one more.
    public convenience init(registry: AddressFamilyRegistry) throws(SocketError) {
        try self.init(registry: registry, environment: SocketEnvironment())
    }

    init(registry: AddressFamilyRegistry, environment: SocketEnvironment) throws(SocketError) {
        self.registry = registry
        self.environment = environment
        lastErrors = try LastErrors()
    }

    deinit {
        closeAll(state.withLock { $0.sockets.removeAll() })
    }

    // MARK: - Start-up and clean-up

    /// Starts Winsock up (WSAStartup). Each success is to be matched by a `cleanup`.
    ///
    /// Does not touch the last error, as documented: its answer is the only one.
    ///
    /// - Throws: WSAVERNOTSUPPORTED for version 0.
    @discardableResult
    public func startup(version: WinsockVersion = .version2_2) throws(SocketError) -> StartupData {
        try state.withLock { state throws(SocketError) in
            let data = try state.startUps.startUp(version)
            blockingCalls.begin(version: state.startUps.version)
            return data
        }
    }

    /// Takes one start-up back (WSACleanup). With the last one all sockets are closed at once, connections are reset, and calls
    /// that wait end with WSAEINTR.
    ///
    /// - Throws: WSANOTINITIALISED if no start-up is left.
    public func cleanup() throws(SocketError) {
        let sockets = try recordingFailure { () throws(SocketError) in
            try blockingCalls.checkNoneOnThisThread(for: "clean up")
            return try state.withLock { state throws(SocketError) -> [OpenSocket] in
                guard try state.startUps.cleanUp() else { return [] }
                blockingCalls.begin(version: nil)
                return state.sockets.removeAll()
            }
        }
        closeAll(sockets)
    }

    private func closeAll(_ sockets: [OpenSocket]) {
        for socket in sockets {
            // A connection is reset rather than ended in order; a family that does not know lingering closes as it can.
            try? socket.backend.setOption(.linger, to: OptionValue(UInt16(1)).followed(by: UInt16(0)).bytes)
            close(socket)
        }
    }

    // MARK: - The last error

    /// The last error of the calling thread (WSAGetLastError). Works before start-up, too.
    public var lastError: WSAErrorCode { lastErrors.ofThisThread }

    /// Sets the last error of the calling thread (WSASetLastError). Works before start-up, too (decision D15).
    public func setLastError(_ code: WSAErrorCode) {
        lastErrors.ofThisThread = code
    }

    /// Makes a call and records its failure for the calling thread (rule R2). Every public call that fails goes through here.
    func recordingFailure<Answer>(
        _ body: () throws(SocketError) -> Answer
    ) throws(SocketError) -> Answer {
        do throws(SocketError) {
            return try body()
        } catch {
            lastErrors.ofThisThread = error.code
            throw error
        }
    }

    // MARK: - Handles

    /// Makes a call on an open socket and records its failure. The first two checks of every call (decisions D1, D20) are made here.
    ///
    /// - Throws: WSANOTINITIALISED, then WSAENOTSOCK, then what `body` throws.
    func call<Answer>(
        _ operation: @autoclosure () -> String, on handle: SocketHandle,
        _ body: (OpenSocket) throws(SocketError) -> Answer
    ) throws(SocketError) -> Answer {
        try recordingFailure { () throws(SocketError) in try body(find(handle, for: operation())) }
    }

    /// Rules R3 and R5.
    func find(_ handle: SocketHandle, for operation: @autoclosure () -> String) throws(SocketError) -> OpenSocket {
        try state.withLock { state throws(SocketError) in
            try state.startUps.requireRunning(for: operation())
            try blockingCalls.checkNoneOnThisThread(for: operation())
            guard let socket = state.sockets[handle] else { throw noSocket(handle, operation()) }
            return socket
        }
    }

    /// Gives a socket its handle; closes it if Winsock was cleaned up meanwhile.
    func open(_ socket: OpenSocket, for operation: @autoclosure () -> String) throws(SocketError) -> SocketHandle {
        do throws(SocketError) {
            return try state.withLock { state throws(SocketError) in
                try state.startUps.requireRunning(for: operation())
                return state.sockets.insert(socket)
            }
        } catch {
            socket.close()
            throw error
        }
    }

    /// Rule R3, for calls that are about no socket.
    package func requireRunning(for operation: @autoclosure () -> String) throws(SocketError) {
        try state.withLock { state throws(SocketError) in try state.startUps.requireRunning(for: operation()) }
        try blockingCalls.checkNoneOnThisThread(for: operation())
    }

    /// For what only version 1 has, and has inside blocking calls, too.
    func requireVersion1(for operation: @autoclosure () -> String) throws(SocketError) {
        try state.withLock { state throws(SocketError) in
            try state.startUps.requireRunning(for: operation())
            guard state.startUps.version?.major == 1 else {
                throw SocketError(
                    .WSAEOPNOTSUPP, operation: operation(), reason: "version 2 has no such call",
                    advice: "Start version 1.1 up to have it.")
            }
        }
    }

    /// The version that the first start-up got.
    var version: WinsockVersion { state.withLock { $0.startUps.version ?? .version2_2 } }

    /// Closes a socket (closesocket). Calls of other threads that wait on it end with WSAEINTR; an attempt to connect is dropped.
    ///
    /// - Throws: WSANOTINITIALISED, WSAENOTSOCK.
    public func closeSocket(_ handle: SocketHandle) throws(SocketError) {
        func operation() -> String { "close \(handle)" }
        let socket = try recordingFailure { () throws(SocketError) in
            try state.withLock { state throws(SocketError) in
                try state.startUps.requireRunning(for: operation())
                try blockingCalls.checkNoneOnThisThread(for: operation())
                guard let socket = state.sockets.remove(handle) else { throw noSocket(handle, operation()) }
                return socket
            }
        }
        close(socket)
    }

    /// Ends everything that goes on with a socket, whether it keeps its handle or not.
    func close(_ socket: OpenSocket) {
        socket.close()
        startedMonitor.withLock { $0 }?.forget(socket.backend.descriptor)
    }

    /// The descriptor of a socket, for programs that wait by means of their own (decision D21). To be polled, not to be closed or read.
    ///
    /// - Throws: WSANOTINITIALISED, WSAENOTSOCK.
    public func descriptor(of handle: SocketHandle) throws(SocketError) -> SharedDescriptor {
        try call("find the descriptor of \(handle)", on: handle) { socket in socket.backend.descriptor }
    }

    func noSocket(_ handle: SocketHandle, _ operation: @autoclosure () -> String) -> SocketError {
        SocketError(
            .WSAENOTSOCK, operation: operation(), reason: "\(handle) is not an open socket",
            advice: "Was it closed, or made before the last clean-up?")
    }

    // MARK: - The monitor

    /// The monitor, which is started for the first call that needs it.
    func monitor() throws(SocketError) -> ReadinessMonitor {
        try startedMonitor.withLock { started throws(SocketError) in
            if let monitor = started { return monitor }
            let monitor = try ReadinessMonitor()
            started = monitor
            return monitor
        }
    }
}
