import SocketBackends
import SystemPackage

@testable import IrDAService

/// A message of every kind, with values that show where bytes end up in the wrong place.
enum MessageExamples {
    static let socket = ServiceSocketID(rawValue: 0x0123_4567_89AB_CDEF)
    static let error = SocketError(
        .WSAECONNREFUSED, errno: .addressNotAvailable, operation: "connect", reason: "nobody offers it", advice: "Ask.")
    static let end = ServiceSocketNames.End(device: 0x9ABC_DEF1, target: .name(Array("OBEX".utf8)))
    static let device = ServiceDevice(
        station: 1, address: 2, hints: 0x2582, characterSet: 0xFF, name: [0x50, 0x00, 0xFF], age: 1500)
    static let identity = ServiceIdentity(version: 1, station: "Desk", address: 7, medium: "simulation")
    static let name = Array("OBEX".utf8)

    static let requests: [ServiceRequest] = [
        .hello(version: 1), .discover, .knownDevices, .awaitDevice(hints: 0xFFFF, milliseconds: 10_000),
        .query(.device(0x9ABC_DEF1), className: name, attribute: [0x41]),
        .query(.peer(socket), className: [], attribute: []), .query(.ourselves, className: name, attribute: name),
        .setAttribute(socket, className: name, attribute: name, value: .integer(-5)),
        .setAttribute(socket, className: name, attribute: name, value: .octets([1, 2, 3])),
        .setAttribute(socket, className: name, attribute: name, value: .string([0x41], characterSet: 1)),
        .removeAttribute(socket, className: name, attribute: name), .setHints(socket, 0x0400), .hints,
        .open(.stream), .open(.sequencedPacket), .open(.unitdata), .open(.ultra), .bind(socket, .name(name)),
        .bind(socket, .selector(5)), .bind(socket, .unspecified), .listen(socket, backlog: 5), .accept(socket),
        .connect(socket, device: 0x9ABC_DEF1, .name(name), exclusively: true), .outcome(socket), .failure(socket),
        .names(socket), .transferUnits(socket), .setMaximumSDU(socket, 65535), .close(socket), .status, .faults,
        .addFault("error-rate 1e-5"), .removeFault(3), .setLayer(socket, .raw),
        .sendUltra(socket, protocolID: 1, [0, 1]),
    ]

    static let replies: [ServiceReply] = [
        .failed(error), .done, .welcome(identity), .ticket, .opened(socket), .bound(selector: 0x6F),
        .accepted(socket, peer: end), .outcome(.pending), .outcome(.connected), .outcome(.failed(error)),
        .failure(nil), .failure(error), .devices([]), .devices([device, device]), .attribute(.noSuchClass),
        .attribute(.noSuchAttribute), .attribute(.octets(Array(repeating: 0xC0, count: 1024))), .hints(4),
        .names(ServiceSocketNames(local: end, peer: nil)), .names(ServiceSocketNames(local: end, peer: end)),
        .transferUnits(ServiceTransferUnits(pduLength: 2039, maximumSDU: 65535, unsent: 4096)),
        .status(
            ServiceStatus(
                identity: identity, trouble: "unplugged",
                link: ServiceStatus.Link(peer: 2, role: "primary", rate: 115_200, dataSize: 2048, window: 7),
                devices: [device],
                sockets: [
                    ServiceStatus.Socket(
                        id: socket, process: 4711, kind: .stream, state: "connected",
                        names: ServiceSocketNames(local: end, peer: end), received: 1, sent: 2)
                ], clients: 3, counters: [ServiceStatus.Counter(name: "frames sent", value: 99)])),
        .faults([ServiceFault(number: 1, rule: "block Phone")]),
    ]
}
