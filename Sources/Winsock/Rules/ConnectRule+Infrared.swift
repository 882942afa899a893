extension ConnectRule {
    /// The notes on AF_IRDA.
    static let infrared: [ConnectRule] = [
        ConnectRule(
            id: "R47", scope: .irda, text: "Programs in C include af_irda.h explicitly.",
            enforcement: .kept(
                by: ["CWinsock/include/af_irda.h"], provedBy: ["WinsockExportsTests/Programs/infrared.c"])),
        ConnectRule(
            id: "R48", scope: .irda, text: "Somebody else has a connection on the medium: WSAENETDOWN.",
            enforcement: .kept(
                by: ["IrDAStation/Hosting/IrDAEndReason+SocketError.swift"],
                provedBy: ["IrDAStationTests/Simulation/ExclusiveModeTests.swift"])),
        ConnectRule(
            id: "R49", scope: .irda, text: "The port is connected to a device with another address: WSAEADDRINUSE.",
            enforcement: .kept(
                by: ["IrDAStation/Hosting/IrDAEndReason+SocketError.swift"],
                provedBy: ["IrDAStationTests/Simulation/ConnectTests.swift"])),
        ConnectRule(
            id: "R50", scope: .irda, text: "The socket is connected, or the exclusive mode was refused: WSAEISCONN.",
            enforcement: .kept(
                by: ["IrDABackend/Sockets/IrDASocket.swift", "IrDAStation/Hosting/IrDAEndReason+SocketError.swift"],
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
            enforcement: .kept(
                by: ["IrDABackend/Sockets/IrDASocket.swift", "Winsock/Connecting/ConnectLifecycle.swift"],
                provedBy: ["IrDAStationTests/Simulation/RuntimeTests.swift"])),
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
                by: ["IrDAStation/Hosting/IrDAEndReason+SocketError.swift"],
                provedBy: ["IrDAStationTests/Simulation/ConnectTests.swift"])),
        ConnectRule(
            id: "R57", scope: .irda, text: "The device does not answer: WSAETIMEDOUT.",
            enforcement: .kept(
                by: ["IrDAStation/Hosting/IrDAEndReason+SocketError.swift"],
                provedBy: ["IrDAStationTests/Simulation/ConnectTests.swift"])),
    ]
}
