extension ConnectRule {
    /// The call itself: what is checked before there is an attempt, and how one can end.
    static let call: [ConnectRule] = [
        ConnectRule(
            id: "R1", scope: .all,
            text: "Success is reported as such: the stream is connected, or the datagram socket has its peer.",
            enforcement: .kept(
                by: ["Winsock/Connecting/Winsock+Connect.swift"],
                provedBy: ["ConnectRulesTests/AddressRuleTests.swift", "WinsockTests/Connecting/ConnectTests.swift"])),
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
            id: "R4", scope: .all, text: "The network as a whole is down: WSAENETDOWN.",
            enforcement: .kept(
                by: ["SocketBackends/Vocabulary/ErrnoTranslation.swift"],
                provedBy: [
                    "ConnectRulesTests/FailureRuleTests.swift",
                    "InternetBackendTests/Errors/SystemCallErrorTests.swift",
                ])),
        ConnectRule(
            id: "R5", scope: .all, text: "What is not an open socket: WSAENOTSOCK.",
            enforcement: .kept(
                by: ["Winsock/Runtime/Winsock.swift"],
                provedBy: [
                    "ConnectRulesTests/AddressRuleTests.swift", "WinsockTests/Connecting/OrderOfChecksTests.swift",
                ])),
        ConnectRule(
            id: "R6", scope: .all, text: "An address that cannot be read: WSAEFAULT, never a crash.",
            enforcement: .kept(
                by: [
                    "SocketBackends/Memory/SocketAddress+Memory.swift", "SocketBackends/Memory/UntrustedMemory.swift",
                ],
                provedBy: [
                    "ConnectRulesTests/AddressRuleTests.swift", "SocketBackendsTests/Memory/UntrustedMemoryTests.swift",
                    "WinsockTests/Connecting/OrderOfChecksTests.swift",
                ])),
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
                    "ConnectRulesTests/AddressRuleTests.swift", "ConnectRulesTests/NetworkRuleTests.swift",
                    "InternetBackendTests/Sockets/StreamConnectTests.swift",
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
                    "ConnectRulesTests/StateRuleTests.swift", "IrDAStationTests/Simulation/RuntimeTests.swift",
                    "WinsockTests/Connecting/ConnectLifecycleTests.swift",
                    "WinsockTests/Connecting/OrderOfChecksTests.swift",
                ])),
        ConnectRule(
            id: "R16", scope: .all, text: "No buffer space: WSAENOBUFS.",
            enforcement: .kept(
                by: ["SocketBackends/Vocabulary/ErrnoTranslation.swift", "InternetBackend/Sockets/InternetCall.swift"],
                provedBy: [
                    "ConnectRulesTests/FailureRuleTests.swift", "ConnectRulesTests/NetworkRuleTests.swift",
                    "InternetBackendTests/Errors/SystemCallErrorTests.swift",
                ])),
        ConnectRule(
            id: "R17", scope: .all, text: "No route to the network: WSAENETUNREACH.",
            enforcement: .kept(
                by: ["SocketBackends/Vocabulary/ErrnoTranslation.swift", "InternetBackend/Sockets/InternetCall.swift"],
                provedBy: ["ConnectRulesTests/FailureRuleTests.swift", "ConnectRulesTests/NetworkRuleTests.swift"])),
        ConnectRule(
            id: "R18", scope: .all, text: "No way to the host: WSAEHOSTUNREACH.",
            enforcement: .kept(
                by: ["SocketBackends/Vocabulary/ErrnoTranslation.swift"],
                provedBy: ["ConnectRulesTests/FailureRuleTests.swift", "ConnectRulesTests/NetworkRuleTests.swift"])),
        ConnectRule(
            id: "R19", scope: .all, text: "The other side refuses: WSAECONNREFUSED.",
            enforcement: .kept(
                by: [
                    "SocketBackends/Vocabulary/ErrnoTranslation.swift",
                    "InternetBackend/Sockets/InternetSocket+Completion.swift",
                ],
                provedBy: [
                    "ConnectRulesTests/FailureRuleTests.swift", "ConnectRulesTests/NetworkRuleTests.swift",
                    "ConnectRulesTests/StateRuleTests.swift", "WinsockTests/LoopbackTests.swift",
                ])),
        ConnectRule(
            id: "R20", scope: .all, text: "No answer in time: WSAETIMEDOUT.",
            enforcement: .kept(
                by: ["SocketBackends/Vocabulary/ErrnoTranslation.swift"],
                provedBy: ["ConnectRulesTests/FailureRuleTests.swift", "ConnectRulesTests/NetworkRuleTests.swift"])),
        ConnectRule(
            id: "R21", scope: .datagram, text: "A broadcast address without SO_BROADCAST: WSAEACCES.",
            enforcement: .kept(
                by: ["InternetBackend/Sockets/InternetSocket+Peer.swift"],
                provedBy: [
                    "ConnectRulesTests/DatagramRuleTests.swift", "ConnectRulesTests/FailureRuleTests.swift",
                    "ConnectRulesTests/NetworkRuleTests.swift", "InternetBackendTests/Sockets/DatagramTests.swift",
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
    ]
}
