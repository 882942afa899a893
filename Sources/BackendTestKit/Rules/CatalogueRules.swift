import Glibc
import SocketBackends
import SystemPackage

/// What a backend says of itself, and whether its sockets are what it says.
enum CatalogueRules {
    static let making = KitRule(id: "K1", title: "the catalogue is whole, and every kind in it can be made")

    static let checks = [
        KitCheck("K1", making.title, .all) { room in
            let backend = room.subject.backend
            try room.expect(!backend.name.isEmpty && !backend.familyName.isEmpty, "a name is empty")
            try room.expect(backend.family != .unspecified, "the family is AF_UNSPEC")
            let pairs = Set(backend.catalogue.map { [$0.type.rawValue, $0.protocolNumber.rawValue] })
            try room.expect(pairs.count == backend.catalogue.count, "two kinds have one type and one protocol")
            for kind in backend.catalogue {
                try room.expect(
                    kind.minimumAddressLength >= 2 && kind.minimumAddressLength <= kind.maximumAddressLength,
                    "addresses of \(kind.minimumAddressLength) to \(kind.maximumAddressLength) bytes cannot be")
                try room.expect(!kind.transport.isEmpty, "a transport has no name")
                let socket = try make(kind, kind.protocolNumber, room)
                try room.expect(
                    socket.kind == kind, "a socket of \(kind.transport) says that it is \(socket.kind.transport)")
                socket.close()
            }
            let first = backend.catalogue.first { $0.type == room.kind.type }
            let socket = try make(room.kind, .any, room)
            try room.expect(socket.kind == first, "protocol 0 is not the first kind of its type")
            socket.close()
        },
        KitCheck("K2", "a type or a protocol that the family does not have is refused", .all, needsSockets: false) {
            room in
            let (backend, kind) = (room.subject.backend, room.kind)
            try room.expect(
                .WSAESOCKTNOSUPPORT, .WSAEPROTONOSUPPORT, .WSAEPROTOTYPE, of: "making a socket of type 77"
            ) { () throws(SocketError) in
                _ = try backend.makeSocket(type: SocketType(rawValue: 77), protocolNumber: .any)
            }
            try room.expect(
                .WSAEPROTONOSUPPORT, .WSAEPROTOTYPE, of: "making a socket of protocol 7777"
            ) { () throws(SocketError) in
                _ = try backend.makeSocket(type: kind.type, protocolNumber: SocketProtocolNumber(rawValue: 7777))
            }
        },
        KitCheck("K3", "every socket has a descriptor of its own, which does not block and is not inherited", .all) {
            room in
            let (first, second) = (try make(room.kind, .any, room), try make(room.kind, .any, room))
            defer { first.close() }
            defer { second.close() }
            var numbers: Set<Int32> = []
            for socket in [first, second] {
                let (number, flags, mode) = try socket.descriptor.withDescriptor(for: "look") { descriptor in
                    (descriptor.rawValue, fcntl(descriptor.rawValue, F_GETFD), fcntl(descriptor.rawValue, F_GETFL))
                }
                numbers.insert(number)
                try room.expect(flags != -1, "the descriptor is not open")
                try room.expect(flags & FD_CLOEXEC != 0, "programs that are started inherit the descriptor")
                try room.expect(mode & O_NONBLOCK != 0, "calls on the descriptor block")
            }
            try room.expect(numbers.count == 2, "two sockets share a descriptor")
        },
        KitCheck("K4", "a closed socket is closed: the descriptor is gone, closing again does nothing", .all) { room in
            let socket = try make(room.kind, .any, room)
            socket.close()
            socket.close()
            try room.expect(socket.descriptor.isClosed, "the descriptor is still there")
            try room.expect(.WSAENOTSOCK, of: "a use of the descriptor of a closed socket") { () throws(SocketError) in
                try socket.descriptor.withDescriptor(for: "look") { _ in }
            }
        },
        KitCheck(
            "K14", "a backend that is not available declines, for the reason that it tells", .all, needsSockets: false
        ) { room in
            let backend = room.subject.backend
            guard case .unavailable(let reason) = backend.availability else {
                throw KitNotApplicable("the backend is available")
            }
            try room.expect(!reason.isEmpty, "it gives no reason")
            guard case .declined(let told) = try backend.makeSocket(type: room.kind.type, protocolNumber: .any) else {
                throw KitFailure("it says that it has no sockets, and makes one")
            }
            try room.expect(!told.isEmpty, "it declines without a reason")
        },
    ]

    static func make(
        _ kind: CatalogueEntry, _ number: SocketProtocolNumber, _ room: KitRoom
    ) throws -> any BackendSocket {
        switch try room.subject.backend.makeSocket(type: kind.type, protocolNumber: number) {
        case .socket(let socket): return socket
        case .declined(let reason): throw KitFailure("the backend declines to make \(kind.transport): \(reason)")
        }
    }
}
