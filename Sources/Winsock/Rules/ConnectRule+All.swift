// The rules of `connect`. The test suite checks that each file named here exists and names the rule.
extension ConnectRule {
    /// Every rule, in order.
    public static let all: [ConnectRule] = [
        ConnectRule(
            id: "R1", scope: .all,
            text: "Success is reported as such: the stream is connected, or the datagram socket has its peer.",
            enforcement: .notYet("code")),
        ConnectRule(
            id: "R2", scope: .all, text: "Failure is reported, and its code is the calling thread's last error.",
            enforcement: .kept(
                by: ["Winsock/Runtime/Winsock.swift"],
                provedBy: [
                    "ConnectRulesTests/AddressRuleTests.swift",
                    "InternetBackendTests/Errors/SystemCallErrorTests.swift",
                ])),
        ConnectRule(
            id: "R3", scope: .all, text: "Before a successful start-up: WSANOTINITIALISED.",
            enforcement: .kept(
                by: ["Winsock/Runtime/StartUpCount.swift", "Winsock/Runtime/Winsock.swift"],
                provedBy: [
                    "ConnectRulesTests/AddressRuleTests.swift", "WinsockTests/Connecting/OrderOfChecksTests.swift",
                    "WinsockTests/Runtime/StartUpTests.swift",
                ])),
        ConnectRule(
            id: "R4", scope: .all, text: "The network as a whole is down: WSAENETDOWN.", enforcement: .notYet("code")),
        ConnectRule(
            id: "R5", scope: .all, text: "What is not an open socket: WSAENOTSOCK.",
            enforcement: .kept(
                by: ["Winsock/Runtime/Winsock.swift"],
                provedBy: [
                    "ConnectRulesTests/AddressRuleTests.swift", "WinsockTests/Connecting/OrderOfChecksTests.swift",
                ])),
        ConnectRule(
            id: "R6", scope: .all, text: "An address that cannot be read: WSAEFAULT, never a crash.",
            enforcement: .notYet("code")),
        ConnectRule(
            id: "R7", scope: .all, text: "An address shorter than the family's: WSAEFAULT.",
            enforcement: .kept(
                by: [
                    "InternetBackend/Sockets/InternetSocket+Peer.swift", "InternetBackend/Sockets/InternetSocket.swift",
                    "IrDABackend/Addresses/IrDAAddress.swift", "SocketBackends/Vocabulary/SocketAddress.swift",
                    "Winsock/Runtime/Winsock+Sockets.swift",
                ],
                provedBy: [
                    "ConnectRulesTests/AddressRuleTests.swift", "InternetBackendTests/Sockets/StreamConnectTests.swift",
                    "WinsockTests/Connecting/OrderOfChecksTests.swift",
                ])),
        ConnectRule(
            id: "R8", scope: .all, text: "An address that the family cannot make sense of: WSAEFAULT.",
            enforcement: .kept(
                by: [
                    "InternetBackend/Sockets/InternetSocket+Connect.swift",
                    "InternetBackend/Sockets/InternetSocket+Peer.swift", "IrDABackend/Addresses/IrDAAddress.swift",
                    "IrDABackend/Sockets/IrDASocket.swift", "Winsock/Connecting/ConnectLifecycle.swift",
                ],
                provedBy: [
                    "IrDAStationTests/Simulation/ConnectTests.swift",
                    "WinsockTests/Connecting/OrderOfChecksTests.swift",
                ])),
        ConnectRule(
            id: "R9", scope: .all, text: "An address of another family than the socket's: WSAEAFNOSUPPORT.",
            enforcement: .kept(
                by: [
                    "InternetBackend/Sockets/InternetSocket+Connect.swift",
                    "InternetBackend/Sockets/InternetSocket+Peer.swift", "InternetBackend/Sockets/InternetSocket.swift",
                    "IrDABackend/Addresses/IrDAAddress.swift",
                ],
                provedBy: [
                    "ConnectRulesTests/AddressRuleTests.swift", "InternetBackendTests/Sockets/DatagramTests.swift",
                    "InternetBackendTests/Sockets/StreamConnectTests.swift",
                    "IrDAStationTests/Simulation/ConnectTests.swift", "WinsockTests/LoopbackTests.swift",
                ])),
        ConnectRule(
            id: "R10", scope: .stream, text: "The zero address: WSAEADDRNOTAVAIL; it never stands for this host.",
            enforcement: .kept(
                by: [
                    "InternetBackend/Addresses/InternetAddress.swift",
                    "InternetBackend/Sockets/InternetSocket+Connect.swift", "IrDABackend/Sockets/IrDASocket.swift",
                ],
                provedBy: [
                    "ConnectRulesTests/AddressRuleTests.swift", "InternetBackendTests/Sockets/StreamConnectTests.swift",
                    "IrDAStationTests/Simulation/ConnectTests.swift",
                ])),
        ConnectRule(
            id: "R11", scope: .stream, text: "Port 0: WSAEADDRNOTAVAIL.",
            enforcement: .kept(
                by: [
                    "InternetBackend/Sockets/InternetSocket+Connect.swift", "Winsock/Connecting/ConnectLifecycle.swift",
                ],
                provedBy: [
                    "ConnectRulesTests/AddressRuleTests.swift", "InternetBackendTests/Sockets/StreamConnectTests.swift",
                    "WinsockTests/Connecting/OrderOfChecksTests.swift", "WinsockTests/LoopbackTests.swift",
                ])),
        ConnectRule(
            id: "R12", scope: .all, text: "A socket without a local address gets one, and is bound from then on.",
            enforcement: .kept(
                by: [
                    "InternetBackend/Sockets/InternetSocket+Connect.swift",
                    "InternetBackend/Sockets/InternetSocket.swift", "InternetBackend/Sockets/LocalPort.swift",
                ],
                provedBy: [
                    "ConnectRulesTests/AddressRuleTests.swift", "InternetBackendTests/Sockets/StreamConnectTests.swift",
                ])),
        ConnectRule(
            id: "R12a", scope: .datagram, text: "Sending to an address binds as well.",
            enforcement: .kept(
                by: [
                    "InternetBackend/Sockets/InternetSocket+Transfer.swift", "InternetBackend/Sockets/LocalPort.swift",
                    "Winsock/Notification/OpenSocket+Notification.swift",
                ],
                provedBy: [
                    "ConnectRulesTests/DatagramRuleTests.swift",
                    "InternetBackendTests/Errors/SystemCallErrorTests.swift",
                    "InternetBackendTests/Sockets/DatagramTests.swift",
                ])),
        ConnectRule(
            id: "R13", scope: .all,
            text: "The local address turns out to be taken when the connect commits it: WSAEADDRINUSE.",
            enforcement: .kept(
                by: ["InternetBackend/Sockets/InternetCall.swift"],
                provedBy: [
                    "ConnectRulesTests/AddressRuleTests.swift", "ConnectRulesTests/FailureRuleTests.swift",
                    "InternetBackendTests/Sockets/StreamConnectTests.swift",
                ])),
        ConnectRule(
            id: "R14", scope: .stream, text: "The socket listens: WSAEINVAL.",
            enforcement: .kept(
                by: ["Winsock/Connecting/ConnectLifecycle+Checks.swift"],
                provedBy: [
                    "ConnectRulesTests/StateRuleTests.swift", "WinsockTests/Connecting/ConnectLifecycleTests.swift",
                    "WinsockTests/Connecting/OrderOfChecksTests.swift",
                ])),
        ConnectRule(
            id: "R15", scope: .stream, text: "The socket is connected: WSAEISCONN.",
            enforcement: .kept(
                by: ["Winsock/Connecting/ConnectLifecycle+Checks.swift"],
                provedBy: [
                    "ConnectRulesTests/StateRuleTests.swift", "WinsockTests/Connecting/ConnectLifecycleTests.swift",
                    "WinsockTests/Connecting/OrderOfChecksTests.swift",
                ])),
        ConnectRule(id: "R16", scope: .all, text: "No buffer space: WSAENOBUFS.", enforcement: .notYet("code")),
        ConnectRule(
            id: "R17", scope: .all, text: "No route to the network: WSAENETUNREACH.",
            enforcement: .kept(
                by: ["InternetBackend/Sockets/InternetCall.swift"],
                provedBy: ["ConnectRulesTests/FailureRuleTests.swift"])),
        ConnectRule(id: "R18", scope: .all, text: "No way to the host: WSAEHOSTUNREACH.", enforcement: .notYet("code")),
        ConnectRule(
            id: "R19", scope: .all, text: "The other side refuses: WSAECONNREFUSED.",
            enforcement: .kept(
                by: ["InternetBackend/Sockets/InternetSocket+Connect.swift"],
                provedBy: [
                    "ConnectRulesTests/FailureRuleTests.swift", "ConnectRulesTests/StateRuleTests.swift",
                    "InternetBackendTests/Sockets/StreamConnectTests.swift", "WinsockTests/LoopbackTests.swift",
                ])),
        ConnectRule(id: "R20", scope: .all, text: "No answer in time: WSAETIMEDOUT.", enforcement: .notYet("code")),
        ConnectRule(
            id: "R21", scope: .datagram, text: "A broadcast address without SO_BROADCAST: WSAEACCES.",
            enforcement: .kept(
                by: ["InternetBackend/Sockets/InternetSocket+Peer.swift"],
                provedBy: [
                    "ConnectRulesTests/DatagramRuleTests.swift", "ConnectRulesTests/FailureRuleTests.swift",
                    "InternetBackendTests/Sockets/DatagramTests.swift",
                    "InternetBackendTests/Sockets/QueuedDatagramTests.swift",
                ])),
        ConnectRule(
            id: "R22", scope: .version1, text: "A blocking call that is cancelled ends with WSAEINTR.",
            enforcement: .kept(
                by: [
                    "Winsock/Connecting/Winsock+Connect.swift", "Winsock/Runtime/BlockingCalls.swift",
                    "Winsock/Runtime/Winsock+Blocking.swift", "Winsock/Selecting/SocketWait.swift",
                    "Winsock/Waiting/PollCall.swift",
                ], provedBy: ["WinsockTests/Runtime/BlockingCallTests.swift"])),
        ConnectRule(
            id: "R23", scope: .version1, text: "Another blocking call is under way: WSAEINPROGRESS.",
            enforcement: .kept(
                by: [
                    "SocketBackends/Vocabulary/ErrnoTranslation.swift", "Winsock/Runtime/BlockingCalls.swift",
                    "Winsock/Runtime/Winsock+Blocking.swift",
                ], provedBy: ["WinsockTests/Runtime/BlockingCallTests.swift"])),
        ConnectRule(
            id: "R24a", scope: .stream, text: "On a blocking socket the result is the end of the attempt.",
            enforcement: .notYet("code")),
        ConnectRule(
            id: "R24", scope: .stream,
            text: "On a non-blocking socket an attempt that takes time: WSAEWOULDBLOCK, and it goes on.",
            enforcement: .kept(
                by: ["Winsock/Connecting/Winsock+Connect.swift"],
                provedBy: [
                    "ConnectRulesTests/Runtime.swift", "ConnectRulesTests/StateRuleTests.swift",
                    "WinsockTests/Connecting/ConnectTests.swift", "WinsockTests/LoopbackTests.swift",
                ])),
        ConnectRule(
            id: "R25", scope: .stream, text: "Connect again while it goes on: WSAEALREADY.",
            enforcement: .kept(
                by: ["Winsock/Connecting/ConnectLifecycle+Checks.swift"],
                provedBy: [
                    "WinsockTests/Connecting/ConnectLifecycleTests.swift", "WinsockTests/Connecting/ConnectTests.swift",
                    "WinsockTests/Connecting/OrderOfChecksTests.swift",
                ])),
        ConnectRule(
            id: "R25b", scope: .stream, text: "The same on a socket that was made blocking meanwhile, at once.",
            enforcement: .kept(
                by: ["Winsock/Connecting/ConnectLifecycle+Checks.swift", "Winsock/Runtime/Winsock+Sockets.swift"],
                provedBy: ["ConnectRulesTests/StateRuleTests.swift", "WinsockTests/Connecting/ConnectTests.swift"])),
        ConnectRule(
            id: "R26", scope: .version1, text: "Connect again while it goes on: WSAEINVAL.",
            enforcement: .kept(
                by: ["Winsock/Connecting/ConnectLifecycle+Checks.swift", "Winsock/Runtime/WinsockVersion.swift"],
                provedBy: [
                    "ConnectRulesTests/StateRuleTests.swift", "WinsockTests/Connecting/ConnectLifecycleTests.swift",
                    "WinsockTests/Connecting/ConnectTests.swift",
                ])),
        ConnectRule(
            id: "R27", scope: .programs,
            text: "Programs may meet WSAEINVAL or WSAEWOULDBLOCK there and should take them for WSAEALREADY.",
            enforcement: .advice("how to read the answer of a second connect")),
        ConnectRule(
            id: "R28", scope: .stream,
            text: "Connect again after the attempt has succeeded: WSAEISCONN, from the first time on.",
            enforcement: .kept(
                by: ["Winsock/Connecting/ConnectLifecycle+Checks.swift"],
                provedBy: [
                    "ConnectRulesTests/StateRuleTests.swift", "WinsockTests/Connecting/ConnectTests.swift",
                    "WinsockTests/LoopbackTests.swift",
                ])),
        ConnectRule(
            id: "R29", scope: .stream, text: "select tells of success by the write set.",
            enforcement: .kept(
                by: ["Winsock/Selecting/SelectConditions.swift", "Winsock/Selecting/SocketSets.swift"],
                provedBy: [
                    "ConnectRulesTests/Runtime.swift", "ConnectRulesTests/StateRuleTests.swift",
                    "WinsockTests/Selecting/SelectTests.swift",
                ])),
        ConnectRule(
            id: "R30", scope: .stream, text: "select tells of failure by the except set, and by no other.",
            enforcement: .kept(
                by: ["Winsock/Selecting/SelectConditions.swift", "Winsock/Selecting/SocketSets.swift"],
                provedBy: [
                    "WinsockTests/Notification/LoopbackEventTests.swift", "WinsockTests/Selecting/SelectTests.swift",
                ])),
        ConnectRule(
            id: "R31", scope: .stream,
            text: "SO_ERROR has the code of the failed attempt; reading it clears the thread's last error.",
            enforcement: .kept(
                by: ["Winsock/Runtime/Winsock+Options.swift"],
                provedBy: [
                    "ConnectRulesTests/Runtime.swift", "ConnectRulesTests/StateRuleTests.swift",
                    "WinsockTests/Connecting/ConnectTests.swift",
                ])),
        ConnectRule(
            id: "R32", scope: .all,
            text: "FD_CONNECT is recorded once an attempt, with its error, for events and for messages.",
            enforcement: .notYet("code")),
        ConnectRule(
            id: "R33", scope: .stream,
            text: "After a refusal, an unreachable network or a time-out the same socket may try again, afresh.",
            enforcement: .kept(
                by: [
                    "InternetBackend/Sockets/InternetSocket+Connect.swift", "Winsock/Connecting/ConnectLifecycle.swift",
                    "Winsock/Connecting/Winsock+Connect.swift", "Winsock/Notification/SocketCondition.swift",
                ],
                provedBy: [
                    "ConnectRulesTests/StateRuleTests.swift", "InternetBackendTests/Errors/SystemCallErrorTests.swift",
                    "InternetBackendTests/Sockets/StreamConnectTests.swift",
                    "IrDAStationTests/Simulation/ConnectTests.swift",
                    "WinsockTests/Connecting/ConnectLifecycleTests.swift", "WinsockTests/Connecting/ConnectTests.swift",
                    "WinsockTests/LoopbackTests.swift", "WinsockTests/Notification/LoopbackEventTests.swift",
                    "WinsockTests/Selecting/SelectTests.swift", "WinsockTests/Selecting/SocketConditionTests.swift",
                ])),
        ConnectRule(
            id: "R34", scope: .programs, text: "After other failures portable programs take a new socket.",
            enforcement: .advice("what portable programs do")),
        ConnectRule(
            id: "R35", scope: .stream, text: "setsockopt while the attempt goes on is not supported: WSAEINVAL.",
            enforcement: .kept(
                by: ["Winsock/Connecting/ConnectLifecycle+Checks.swift", "Winsock/Runtime/Winsock+Options.swift"],
                provedBy: [
                    "ConnectRulesTests/StateRuleTests.swift", "WinsockTests/Connecting/ConnectLifecycleTests.swift",
                ])),
        ConnectRule(
            id: "R36", scope: .stream,
            text: "A connection that broke is not mended: the socket stays as it is, and a connect says WSAEISCONN.",
            enforcement: .notYet("code")),
        ConnectRule(
            id: "R37", scope: .stream, text: "After success data can be sent and received.",
            enforcement: .kept(
                by: ["Winsock/Connecting/ConnectLifecycle+Checks.swift"],
                provedBy: [
                    "ConnectRulesTests/DatagramRuleTests.swift",
                    "InternetBackendTests/Sockets/StreamConnectTests.swift",
                ])),
        ConnectRule(
            id: "R38", scope: .datagram, text: "Connect sets the default peer, at once.",
            enforcement: .kept(
                by: [
                    "InternetBackend/Sockets/InternetSocket+Peer.swift",
                    "Winsock/Connecting/ConnectLifecycle+Checks.swift", "Winsock/Connecting/ConnectLifecycle.swift",
                    "Winsock/Notification/NetworkEventRecord.swift",
                ],
                provedBy: [
                    "ConnectRulesTests/DatagramRuleTests.swift", "InternetBackendTests/Sockets/DatagramTests.swift",
                    "WinsockTests/LoopbackTests.swift", "WinsockTests/Notification/NetworkEventRecordTests.swift",
                ])),
        ConnectRule(
            id: "R39", scope: .datagram, text: "Datagrams from others are discarded from then on.",
            enforcement: .kept(
                by: [
                    "InternetBackend/Sockets/InternetSocket+Peer.swift",
                    "InternetBackend/Sockets/InternetSocket+Transfer.swift",
                ],
                provedBy: [
                    "ConnectRulesTests/DatagramRuleTests.swift", "InternetBackendTests/Sockets/DatagramTests.swift",
                ])),
        ConnectRule(
            id: "R39a", scope: .datagram,
            text: "Those that were queued before the first connect: only the new peer's are kept.",
            enforcement: .kept(
                by: ["InternetBackend/Sockets/InternetSocket+Peer.swift"],
                provedBy: [
                    "ConnectRulesTests/DatagramRuleTests.swift",
                    "InternetBackendTests/Sockets/QueuedDatagramTests.swift",
                ])),
        ConnectRule(
            id: "R40", scope: .datagram, text: "A change of peer discards what is queued.",
            enforcement: .kept(
                by: ["InternetBackend/Sockets/InternetSocket+Peer.swift"],
                provedBy: [
                    "ConnectRulesTests/DatagramRuleTests.swift",
                    "InternetBackendTests/Sockets/QueuedDatagramTests.swift",
                ])),
        ConnectRule(
            id: "R41", scope: .datagram, text: "A connected datagram socket can be connected again.",
            enforcement: .kept(
                by: ["Winsock/Connecting/ConnectLifecycle.swift"],
                provedBy: [
                    "ConnectRulesTests/StateRuleTests.swift", "InternetBackendTests/Sockets/DatagramTests.swift",
                    "WinsockTests/Connecting/ConnectTests.swift",
                ])),
        ConnectRule(
            id: "R42", scope: .datagram,
            text:
                "The zero address dissolves the association: send and receive say WSAENOTCONN, the calls with an address work.",
            enforcement: .kept(
                by: [
                    "InternetBackend/Sockets/InternetSocket+Peer.swift",
                    "Winsock/Connecting/ConnectLifecycle+Checks.swift", "Winsock/Connecting/ConnectLifecycle.swift",
                    "Winsock/Runtime/Winsock+Transfer.swift",
                ],
                provedBy: [
                    "ConnectRulesTests/DatagramRuleTests.swift", "InternetBackendTests/Sockets/DatagramTests.swift",
                    "InternetBackendTests/Sockets/QueuedDatagramTests.swift",
                    "WinsockTests/Connecting/ConnectLifecycleTests.swift", "WinsockTests/Connecting/ConnectTests.swift",
                    "WinsockTests/LoopbackTests.swift",
                ])),
        ConnectRule(
            id: "R42a", scope: .datagram, text: "The same where there was no association.",
            enforcement: .kept(
                by: ["InternetBackend/Sockets/LocalPort.swift"],
                provedBy: [
                    "ConnectRulesTests/DatagramRuleTests.swift", "InternetBackendTests/Sockets/DatagramTests.swift",
                    "InternetBackendTests/Sockets/QueuedDatagramTests.swift",
                ])),
        ConnectRule(
            id: "R42b", scope: .datagram, text: "Port 0 with another address succeeds.", enforcement: .notYet("code")),
        ConnectRule(
            id: "R42c", scope: .datagram, text: "A broadcast address with SO_BROADCAST succeeds.",
            enforcement: .notYet("code")),
        ConnectRule(
            id: "R43", scope: .all, text: "A signal does not end a blocking call: EINTR never surfaces.",
            enforcement: .kept(
                by: ["Winsock/Waiting/PollCall.swift"],
                provedBy: [
                    "ConnectRulesTests/SignalTests.swift", "InternetBackendTests/Errors/SystemCallErrorTests.swift",
                ])),
        ConnectRule(
            id: "R44", scope: .all, text: "No lock is held while a call waits.", enforcement: .notYet("a test")),
        ConnectRule(
            id: "R45", scope: .all, text: "Every way of waiting observes one and the same state of the socket.",
            enforcement: .kept(
                by: ["Winsock/Connecting/ConnectLifecycle.swift"],
                provedBy: ["WinsockTests/Connecting/ConnectExTests.swift"])),
        ConnectRule(
            id: "R46", scope: .programs, text: "Header and library names of the C interface.",
            enforcement: .notYet("the C headers")),
        ConnectRule(
            id: "R47", scope: .irda, text: "af_irda.h is included explicitly.", enforcement: .notYet("the C headers")),
        ConnectRule(
            id: "R48", scope: .irda, text: "Somebody else has a connection on the medium: WSAENETDOWN.",
            enforcement: .kept(
                by: ["IrDAStation/Simulation/IrDAEndReason+SocketError.swift"],
                provedBy: ["IrDAStationTests/Simulation/ExclusiveModeTests.swift"])),
        ConnectRule(
            id: "R49", scope: .irda, text: "The port is connected to a device with another address: WSAEADDRINUSE.",
            enforcement: .kept(
                by: ["IrDAStation/Simulation/IrDAEndReason+SocketError.swift"],
                provedBy: ["IrDAStationTests/Simulation/ConnectTests.swift"])),
        ConnectRule(
            id: "R50", scope: .irda, text: "The socket is connected, or the exclusive mode was refused: WSAEISCONN.",
            enforcement: .kept(
                by: ["IrDABackend/Sockets/IrDASocket.swift", "IrDAStation/Simulation/IrDAEndReason+SocketError.swift"],
                provedBy: ["IrDAStationTests/Simulation/ExclusiveModeTests.swift"])),
        ConnectRule(
            id: "R51", scope: .irda, text: "The socket was bound to a service name: WSAEINVAL.",
            enforcement: .kept(
                by: ["IrDABackend/Sockets/IrDASocket.swift"],
                provedBy: ["IrDAStationTests/Simulation/ConnectTests.swift"])),
        ConnectRule(
            id: "R52", scope: .irda, text: "The normal flow: enumerate devices, choose one, connect.",
            enforcement: .kept(
                by: ["IrDABackend/Sockets/IrDASocket+Options.swift", "irsock/Commands/Discover.swift"],
                provedBy: ["IrDAStationTests/Simulation/DiscoveryTests.swift"])),
        ConnectRule(
            id: "R53", scope: .irda, text: "Blocking and non-blocking sockets differ in nothing but the waiting.",
            enforcement: .notYet("code")),
        ConnectRule(
            id: "R54", scope: .irda, text: "A service name that is too long or has no end: WSAEFAULT.",
            enforcement: .kept(
                by: ["IrDABackend/Addresses/IrDAAddress.swift"],
                provedBy: ["IrDAStationTests/Simulation/ConnectTests.swift"])),
        ConnectRule(
            id: "R55", scope: .irda, text: "A zero device address: WSAEADDRNOTAVAIL.",
            enforcement: .kept(
                by: ["IrDABackend/Sockets/IrDASocket.swift"],
                provedBy: ["IrDAStationTests/Simulation/ConnectTests.swift"])),
        ConnectRule(
            id: "R56", scope: .irda, text: "The device has no such service: WSAECONNREFUSED.",
            enforcement: .kept(
                by: ["IrDAStation/Simulation/IrDAEndReason+SocketError.swift"],
                provedBy: ["IrDAStationTests/Simulation/ConnectTests.swift"])),
        ConnectRule(
            id: "R57", scope: .irda, text: "The device does not answer: WSAETIMEDOUT.",
            enforcement: .kept(
                by: ["IrDAStation/Simulation/IrDAEndReason+SocketError.swift"],
                provedBy: ["IrDAStationTests/Simulation/ConnectTests.swift"])),
    ]
}
