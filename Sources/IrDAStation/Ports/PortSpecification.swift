public import IrDAAdapters
public import NIOCore
public import SocketBackends

/// A port as people name it: `serial:/dev/ttyUSB0`, `usb`, `usb:1-4,quirk=NAME`, `unix:PATH`, `tcp:HOST:PORT`.
public struct PortSpecification: Hashable, Sendable, CustomStringConvertible {
    /// What kind of port it is.
    public enum Kind: Hashable, Sendable {
        /// A serial port, by its device.
        case serial(path: String)
        /// An AF_UNIX stream socket to connect to.
        case unix(path: String)
        /// A TCP port to connect to.
        case tcp(host: String, port: Int)
        /// A USB infrared adapter, by the kernel's name for where it is plugged in; nil for the first that there is.
        case usb(place: String?)
    }

    /// What kind of port it is.
    public let kind: Kind
    /// What else is said of a USB port.
    public let usb: USBPortOptions
    /// The text that it was made from.
    public let description: String

    /// Reads a port's name.
    ///
    /// - Throws: WSAEINVAL, and what would be right.
    public init(_ text: String) throws(SocketError) {
        description = text
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let rest = parts.count == 2 ? parts[1] : ""
        if let (place, options) = try Self.usb(text) {
            kind = .usb(place: place)
            usb = options
            return
        }
        usb = .none
        switch parts.first {
        case "serial" where !rest.isEmpty: kind = .serial(path: rest)
        case "unix" where !rest.isEmpty: kind = .unix(path: rest)
        case "tcp":
            guard let (host, port) = Self.endpoint(rest) else {
                throw Self.error(
                    text, "'\(rest)' is not a host and a port", "Write tcp:HOST:PORT, or tcp:[ADDRESS]:PORT for IPv6")
            }
            kind = .tcp(host: host, port: port)
        default:
            throw Self.error(
                text, "'\(text)' names no port", "Write serial:/dev/ttyUSB0, usb, unix:PATH or tcp:HOST:PORT")
        }
    }

    /// Reads `usb` or `usb:PLACE`, with options after commas; nil if it is neither.
    private static func usb(_ text: String) throws(SocketError) -> (place: String?, options: USBPortOptions)? {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let place: String?
        if parts[0] == "usb" {
            place = nil
        } else if parts[0].hasPrefix("usb:") {
            let name = parts[0].dropFirst("usb:".count)
            guard !name.isEmpty, name.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == "-" || $0 == ".") }) else {
                return nil
            }
            place = String(name)
        } else {
            return nil
        }
        do throws(USBPortOptions.Mistake) {
            return (place, try USBPortOptions(parts.dropFirst()))
        } catch {
            throw Self.error(text, error.reason, error.advice)
        }
    }

    private static func endpoint(_ text: String) -> (host: String, port: Int)? {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (1...65535).contains(port)
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        return host.isEmpty ? nil : (String(host), port)
    }

    private static func error(_ text: String, _ reason: String, _ advice: String) -> SocketError {
        SocketError(.WSAEINVAL, operation: "use the port \(text)", reason: reason, advice: advice)
    }

    /// Makes the port, to be opened later.
    ///
    /// - Parameters:
    ///   - dongle: what is plugged into a serial port, as `SerialDongleKind.dongle` reads it; nil for a plain transceiver.
    ///   - echo: what is done with the echo of one's own light.
    ///   - loop: where the port will live.
    /// - Throws: WSAEINVAL if there is no such dongle, or if the port does not carry what it needs, or has no such options; WSAENETDOWN
    ///   if no USB adapter is plugged in that can be used, or its firmware is missing.
    public func makePort(
        dongle: String? = nil, echo: EchoHandling = .match, on loop: any EventLoop
    ) throws(SocketError) -> any LightPort {
        guard case .usb(let place) = kind else { return try makeDonglePort(dongle: dongle, echo: echo, on: loop) }
        guard dongle == nil else {
            throw Self.error(description, "a USB adapter has no dongle", "Leave --dongle out")
        }
        return USBPort(try LibUSBSource(place: place, options: usb, name: description), on: loop)
    }

    /// Makes a port to bare characters of light, to be opened later.
    ///
    /// - Parameters:
    ///   - dongle: what is plugged into a serial port, as `SerialDongleKind.dongle` reads it; nil for a plain transceiver.
    ///   - echo: what is done with the echo of one's own light.
    ///   - loop: where the port will live.
    /// - Throws: WSAEINVAL if there is no such dongle, or if the port does not carry what it needs.
    public func makeDonglePort(
        dongle: String? = nil, echo: EchoHandling = .match, on loop: any EventLoop
    ) throws(SocketError) -> DonglePort {
        let device: any SerialDongle
        do throws(SerialDongleError) {
            device = try SerialDongleKind.dongle(dongle ?? "raw")
        } catch {
            throw Self.error(description, error.description, "")
        }
        if dongle != nil, device.needsLines, !isSerial {
            throw Self.error(
                description, "a stream has no control lines, which such a dongle needs",
                "Leave --dongle out, and let the program at the other end set the dongle up")
        }
        return try makePort(device, echo: echo, on: loop)
    }

    /// Makes the port for a dongle that is known already.
    func makePort(
        _ dongle: any SerialDongle, echo: EchoHandling, on loop: any EventLoop
    ) throws(SocketError) -> DonglePort {
        let source: any SerialLineSource =
            switch kind {
            case .serial(let path): TerminalSource(path: path)
            case .unix(let path): StreamSource(.unix(path: path), name: description)
            case .tcp(let host, let port): StreamSource(.tcp(host: host, port: port), name: description)
            case .usb:
                throw Self.error(
                    description, "USB adapters send whole frames of IrDA, and no bare light", "Use a serial dongle")
            }
        return DonglePort(source, dongle: dongle, echo: echo, on: loop)
    }

    /// Whether it is a serial port, which may have control lines.
    public var isSerial: Bool {
        if case .serial = kind { true } else { false }
    }
}
