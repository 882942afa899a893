extension ConnectRule {
    /// What a connection is for: streams, datagrams and their peers, and what holds for every wait.
    static let peers: [ConnectRule] = [
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
                    "ConnectRulesTests/DatagramRuleTests.swift", "ConnectRulesTests/EventRuleTests.swift",
                    "InternetBackendTests/Sockets/DatagramTests.swift", "WinsockTests/LoopbackTests.swift",
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
                    "ConnectRulesTests/NetworkRuleTests.swift", "ConnectRulesTests/StateRuleTests.swift",
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
            id: "R42b", scope: .datagram, text: "Port 0 with another address succeeds.",
            enforcement: .kept(
                by: ["InternetBackend/Sockets/InternetSocket+Peer.swift"],
                provedBy: ["ConnectRulesTests/AddressRuleTests.swift"])),
        ConnectRule(
            id: "R42c", scope: .datagram, text: "A broadcast address with SO_BROADCAST succeeds.",
            enforcement: .kept(
                by: ["InternetBackend/Sockets/InternetSocket+Peer.swift"],
                provedBy: [
                    "ConnectRulesTests/DatagramRuleTests.swift", "InternetBackendTests/Sockets/DatagramTests.swift",
                ])),
        ConnectRule(
            id: "R43", scope: .all, text: "A signal does not end a blocking call: EINTR never surfaces.",
            enforcement: .kept(
                by: ["Winsock/Waiting/PollCall.swift"],
                provedBy: [
                    "ConnectRulesTests/SignalTests.swift", "InternetBackendTests/Errors/SystemCallErrorTests.swift",
                ])),
        ConnectRule(
            id: "R44", scope: .all, text: "No lock is held while a call waits.",
            enforcement: .kept(
                by: ["Winsock/Sockets/OpenSocket.swift", "Winsock/Waiting/Interruption.swift"],
                provedBy: ["WinsockTests/Connecting/ConnectTests.swift"])),
        ConnectRule(
            id: "R45", scope: .all, text: "Every way of waiting observes one and the same state of the socket.",
            enforcement: .kept(
                by: ["Winsock/Connecting/ConnectLifecycle.swift"],
                provedBy: ["ConnectRulesTests/EventRuleTests.swift", "WinsockTests/Connecting/ConnectExTests.swift"])),
        ConnectRule(
            id: "R46", scope: .all, text: "Programs in C include winsock2.h and link with ws2_32.",
            enforcement: .kept(
                by: ["CWinsock/include/winsock2.h", "WinsockExports/Sockets.swift"],
                provedBy: ["WinsockExportsTests/ProgramTests.swift"])),
    ]
}
