import ArgumentParser
import IrDABackend
import IrDAProtocol
import SocketBackends
import Winsock

/// How `send` and `get` reach whom they talk to.
struct ObjectPartner: ParsableArguments {
    @Option(help: ArgumentHelp("Talk to a server over TCP instead of infrared.", valueName: "host:port"))
    var tcp: String?

    @Option(
        help: ArgumentHelp(
            "How long the other end may take for each answer; there may be a person to ask.", valueName: "seconds"))
    var patience = 60.0

    func validate() throws {
        guard patience.isFinite, (1...86_400).contains(patience) else {
            throw ValidationError("--patience takes seconds, from 1 to 86400.")
        }
    }
}

/// A connection to a server of objects, and what is known of it.
struct ObjectServer {
    var client: ObjectClient
    /// For people.
    let name: String
    /// Whether it takes files only, by the class that Windows calls IrXfer: that one refuses times in the usual form.
    let isFilesOnly: Bool
}

extension Session {
    /// The classes of object exchange in the order in which they are tried (OBEX 1.3, 6.1; the last is that of old phones).
    private static let objectClasses = ["OBEX", "OBEX:IrXfer", "IrDA:OBEX"]
    private static let filesOnlyClass = "OBEX:IrXfer"

    /// Connects to whom a person means.
    ///
    /// - Parameter device: a name or an address; nil: the only one in range that exchanges objects.
    func connect(to device: String?, _ partner: ObjectPartner) throws -> ObjectServer {
        let patience = Duration.seconds(partner.patience)
        if let place = partner.tcp {
            let family: AddressFamily = place.hasPrefix("[") ? .inet6 : .inet
            let socket = try winsock.socket(family: family, type: .stream)
            try winsock.connect(socket, to: winsock.resolve(place, family: family))
            return ObjectServer(
                client: ObjectClient(ByteConnection(winsock, socket: socket), responseTime: patience), name: place,
                isFilesOnly: false)
        }
        let (id, name) = try self.device(device, hint: .obex, doing: "exchanges objects")
        guard let className = try Self.objectClasses.first(where: { try offers($0, at: id) }) else {
            throw Failure(
                "\(name) takes no objects: it has none of the services \(Self.objectClasses.joined(separator: ", ")).")
        }
        let socket = try winsock.socket(family: .irda, type: .stream)
        try winsock.connect(socket, to: IrDAAddress(device: id, service: .name(className)).socketAddress)
        return ObjectServer(
            client: ObjectClient(ByteConnection(winsock, socket: socket), responseTime: patience), name: name,
            isFilesOnly: className == Self.filesOnlyClass)
    }

    private func offers(_ className: String, at device: IrDADeviceID) throws -> Bool {
        if case .integer = try query("IrDA:TinyTP:LsapSel", of: className, at: device) { true } else { false }
    }
}
