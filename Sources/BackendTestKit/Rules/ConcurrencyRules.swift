import SocketBackends
import Winsock

/// Several threads at once.
enum ConcurrencyRules {
    private static let threads = 4

    static let checks = [
        KitCheck("T1", "connections that are made at the same time are each other's equals") { room in
            guard case .eachOther = room.subject.peer else {
                throw KitNotApplicable("its sockets do not reach each other")
            }
            let listener = try room.listener(backlog: 64)
            let address = try room.winsock.localAddress(of: listener)
            let clients = try (0..<threads).map { number in
                try KitCall(room.patience) { () throws(SocketError) in
                    for round in 0..<10 {
                        let socket = try room.winsock.socket(family: address.family, type: room.subject.type)
                        try room.winsock.connect(socket, to: address)
                        let mark = UInt8(number * 10 + round)
                        _ = try room.winsock.send(socket, [mark])
                        let answer = try room.winsock.receive(socket, upTo: 1)
                        guard answer == [mark] else {
                            throw SocketError(
                                .WSASYSCALLFAILURE, operation: "compare", reason: "\(answer) has come back for \(mark)")
                        }
                        try room.winsock.closeSocket(socket)
                    }
                }
            }
            for _ in 0..<(threads * 10) {
                try room.expectReadable(listener, "a connection")
                let server = try room.winsock.accept(listener).socket
                try room.expectReadable(server, "a byte")
                _ = try room.winsock.send(server, room.winsock.receive(server, upTo: 1))
                try room.expectReadable(server, "the end")
                try room.winsock.closeSocket(server)
            }
            for client in clients { try client.result(of: "a client").get() }
        },
        KitCheck("T2", "of several connects of one socket one wins; the others are WSAEALREADY or WSAEISCONN") { room in
            let (address, _) = try room.server()
            for _ in 0..<5 {
                let socket = try room.socket()
                let calls = try (0..<threads).map { _ in
                    try KitCall(room.patience) { () throws(SocketError) in try room.winsock.connect(socket, to: address)
                    }
                }
                var winners = 0
                for call in calls {
                    switch try call.result(of: "a connect") {
                    case .success: winners += 1
                    case .failure(let error):
                        try room.expect(
                            [.WSAEALREADY, .WSAEISCONN].contains(error.code), "a connect that loses: \(error)")
                    }
                }
                try room.expect(winners == 1, "\(winners) of \(threads) connects have won")
                try room.winsock.closeSocket(socket)
            }
        },
        KitCheck("T3", "a socket that is closed while others use it answers with names, and does no harm") { room in
            for _ in 0..<10 {
                let socket = try room.connected()
                let calls = try (0..<threads).map { number in
                    try KitCall(room.patience) { () throws(SocketError) in
                        while true {
                            if number.isMultiple(of: 2) {
                                _ = try room.winsock.send(socket, [1, 2, 3])
                            } else {
                                _ = try room.winsock.peerAddress(of: socket)
                            }
                        }
                    }
                }
                try room.winsock.closeSocket(socket)
                for call in calls {
                    guard case .failure(let error) = try call.result(of: "a call on a closed socket") else { continue }
                    try room.expect(
                        [.WSAENOTSOCK, .WSAEINTR, .WSAECONNRESET, .WSAECONNABORTED].contains(error.code),
                        "a call on a closed socket: \(error)")
                }
            }
        },
    ]
}
