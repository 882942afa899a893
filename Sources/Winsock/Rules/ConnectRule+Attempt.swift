extension ConnectRule {
    /// An attempt that takes its time: what the socket is meanwhile and afterwards, and who is told.
    static let attempts: [ConnectRule] = [
        ConnectRule(
            id: "R24a", scope: .stream, text: "On a blocking socket the result is the end of the attempt.",
            enforcement: .kept(
                by: ["Winsock/Connecting/Winsock+Connect.swift"],
                provedBy: [
                    "ConnectRulesTests/NetworkRuleTests.swift", "WinsockTests/Connecting/ConnectTests.swift",
                    "IrDAStationTests/Simulation/RuntimeTests.swift",
                ])),
        ConnectRule(
            id: "R24", scope: .stream,
            text: "On a non-blocking socket an attempt that takes time: WSAEWOULDBLOCK, and it goes on.",
            enforcement: .kept(
                by: ["Winsock/Connecting/Winsock+Connect.swift"],
                provedBy: [
                    "ConnectRulesTests/StateRuleTests.swift", "WinsockTests/Connecting/ConnectTests.swift",
                    "WinsockTests/LoopbackTests.swift", "IrDAStationTests/Simulation/RuntimeTests.swift",
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
                    "ConnectRulesTests/SelectRuleTests.swift", "ConnectRulesTests/StateRuleTests.swift",
                    "WinsockTests/Selecting/SelectTests.swift",
                ])),
        ConnectRule(
            id: "R30", scope: .stream, text: "select tells of failure by the except set, and by no other.",
            enforcement: .kept(
                by: ["Winsock/Selecting/SelectConditions.swift", "Winsock/Selecting/SocketSets.swift"],
                provedBy: [
                    "ConnectRulesTests/SelectRuleTests.swift", "WinsockTests/Notification/LoopbackEventTests.swift",
                    "WinsockTests/Selecting/SelectTests.swift",
                ])),
        ConnectRule(
            id: "R31", scope: .stream,
            text: "SO_ERROR has the code of the failed attempt; reading it clears the thread's last error.",
            enforcement: .kept(
                by: ["Winsock/Runtime/Winsock+Options.swift"],
                provedBy: [
                    "ConnectRulesTests/StateRuleTests.swift", "WinsockTests/Connecting/ConnectTests.swift",
                    "IrDAStationTests/Simulation/RuntimeTests.swift",
                ])),
        ConnectRule(
            id: "R32", scope: .all,
            text: "FD_CONNECT is recorded once an attempt, with its error, for events and for messages.",
            enforcement: .kept(
                by: ["Winsock/Notification/NetworkEventRecord.swift"],
                provedBy: [
                    "ConnectRulesTests/EventRuleTests.swift", "WinsockTests/Notification/EventSelectTests.swift",
                    "WinsockTests/Notification/NetworkEventRecordTests.swift",
                ])),
        ConnectRule(
            id: "R33", scope: .stream,
            text: "After a refusal, an unreachable network or a time-out the same socket may try again, afresh.",
            enforcement: .kept(
                by: [
                    "InternetBackend/Sockets/InternetSocket+Connect.swift", "Winsock/Connecting/ConnectLifecycle.swift",
                    "Winsock/Connecting/Winsock+Connect.swift", "Winsock/Notification/SocketCondition.swift",
                ],
                provedBy: [
                    "ConnectRulesTests/EventRuleTests.swift", "ConnectRulesTests/NetworkRuleTests.swift",
                    "ConnectRulesTests/StateRuleTests.swift", "InternetBackendTests/Errors/SystemCallErrorTests.swift",
                    "InternetBackendTests/Sockets/StreamConnectTests.swift",
                    "IrDAStationTests/Simulation/ConnectTests.swift",
                    "WinsockTests/Connecting/ConnectLifecycleTests.swift", "WinsockTests/Connecting/ConnectTests.swift",
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
            enforcement: .kept(
                by: ["Winsock/Connecting/ConnectLifecycle+Checks.swift"],
                provedBy: ["ConnectRulesTests/StateRuleTests.swift"])),
    ]
}
