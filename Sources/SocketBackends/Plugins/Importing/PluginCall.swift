import CSocketPlugin
import SystemPackage

/// One call of a plug-in's function: what it is given to explain an error in, and what its answer means.
enum PluginCall {
    /// Makes a call.
    ///
    /// - Parameters:
    ///   - operation: what is attempted, unless the plug-in says it better.
    ///   - plugin: the backend's name, for answers that cannot be.
    ///   - body: the function.
    /// - Throws: what the plug-in says; WSASYSCALLFAILURE for an answer that is no error code.
    static func make(
        _ operation: @autoclosure () -> String, of plugin: String,
        _ body: (UnsafeMutablePointer<irsock_error>) -> Int32
    ) throws(SocketError) {
        if let failure = failure(of: body, operation: operation, plugin: plugin) { throw failure.error }
    }

    /// Makes a call that may decline.
    ///
    /// - Returns: the reason, if it does.
    static func mayDecline(
        _ operation: @autoclosure () -> String, of plugin: String,
        _ body: (UnsafeMutablePointer<irsock_error>) -> Int32
    ) throws(SocketError) -> String? {
        guard let failure = failure(of: body, operation: operation, plugin: plugin) else { return nil }
        guard failure.answer == Int32(IRSOCK_DECLINED) else { throw failure.error }
        return failure.reason.isEmpty ? "the plug-in gives no reason" : failure.reason
    }

    private struct Failure {
        var answer: Int32
        var reason: String
        var error: SocketError
    }

    private static func failure(
        of body: (UnsafeMutablePointer<irsock_error>) -> Int32, operation: () -> String, plugin: String
    ) -> Failure? {
        var details = irsock_error()
        details.size = UInt32(MemoryLayout<irsock_error>.size)
        let answer = body(&details)
        guard answer != 0 else { return nil }
        let reason = PluginText.read(field: details.reason)
        guard (1...0xFFFF).contains(answer) else {
            let error = nonsense(
                "its answer \(answer) is no Winsock error code", operation: operation(), plugin: plugin)
            return Failure(answer: answer, reason: reason, error: error)
        }
        let code = WSAErrorCode(rawValue: answer)
        let said = PluginText.read(field: details.operation)
        let error = SocketError(
            code, errno: details.linux_errno > 0 ? Errno(rawValue: details.linux_errno) : nil,
            operation: said.isEmpty ? operation() : said, reason: reason.isEmpty ? code.meaning : reason,
            advice: PluginText.read(field: details.advice))
        return Failure(answer: answer, reason: reason, error: error)
    }

    /// What is thrown in the place of an answer that cannot be true.
    static func nonsense(_ reason: String, operation: String, plugin: String) -> SocketError {
        SocketError(
            .WSASYSCALLFAILURE, operation: operation, reason: "the plug-in '\(plugin)' is wrong: \(reason)",
            advice: "This is a defect of the plug-in; tell its makers.")
    }

    /// What is thrown where a plug-in has no function.
    static func missing(_ code: WSAErrorCode, operation: String, plugin: String) -> SocketError {
        SocketError(code, operation: operation, reason: "the family '\(plugin)' has no such thing")
    }
}

extension irsock_address {
    /// A place for an address.
    static var empty: Self {
        var address = Self()
        address.size = UInt32(MemoryLayout<Self>.size)
        return address
    }

    /// The address that a plug-in has written.
    ///
    /// - Throws: WSASYSCALLFAILURE if it can be none of the family's.
    func read(family: AddressFamily, operation: @autoclosure () -> String, plugin: String) throws(SocketError)
        -> SocketAddress
    {
        guard (SocketAddress.familyLength...Int(IRSOCK_ADDRESS_LENGTH)).contains(Int(length)) else {
            throw PluginCall.nonsense(
                "it answers an address of \(length) bytes", operation: operation(), plugin: plugin)
        }
        let address = try SocketAddress(bytes: withUnsafeBytes(of: bytes) { Array($0.prefix(Int(length))) })
        guard address.family == family else {
            throw PluginCall.nonsense(
                "it answers an address of \(address.family) for \(family)", operation: operation(), plugin: plugin)
        }
        return address
    }

    /// Writes an address for a host; false if it is too long.
    mutating func write(_ address: SocketAddress) -> Bool {
        guard address.bytes.count <= Int(IRSOCK_ADDRESS_LENGTH) else { return false }
        withUnsafeMutableBytes(of: &bytes) { $0.copyBytes(from: address.bytes) }
        length = UInt32(address.bytes.count)
        return true
    }
}
