// swift-tools-version: 6.3

import PackageDescription

let settings: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
    ]
    // Warnings are errors where the project itself is checked, and only warnings for who builds it with a newer compiler.
    + (Context.environment["IRSOCK_STRICT"] == nil ? [] : [.treatAllWarnings(as: .error)])

let system: Target.Dependency = .product(name: "SystemPackage", package: "swift-system")
let deque: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let heap: Target.Dependency = .product(name: "HeapModule", package: "swift-collections")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "IrSock",
    products: [
        .executable(name: "irsock", targets: ["irsock"]),
        .plugin(name: "NewAddressFamily", targets: ["NewAddressFamily"]),
        .library(name: "SocketBackends", targets: ["SocketBackends", "CSocketPlugin"]),
        // A plug-in: for building it, Debian's libbluetooth-dev is needed.
        .library(name: "BluetoothPlugin", type: .dynamic, targets: ["BluetoothPlugin"]),
        .library(name: "BluetoothBackend", targets: ["BluetoothBackend"]),
        .library(name: "BackendTestKit", targets: ["BackendTestKit"]),
        .library(name: "KernelSockets", targets: ["KernelSockets"]),
        .library(name: "UnixBackend", targets: ["UnixBackend"]),
        .library(name: "VSOCKBackend", targets: ["VSOCKBackend"]),
        .library(name: "Winsock", targets: ["Winsock"]),
        .library(name: "InternetBackend", targets: ["InternetBackend"]),
        .library(name: "IrDABackend", targets: ["IrDABackend"]),
        .library(name: "IrDAAdapters", targets: ["IrDAAdapters"]),
        .library(name: "IrDAService", targets: ["IrDAService"]),
        .library(name: "IrDAStation", targets: ["IrDAStation"]),
        .library(name: "IrDASimulation", targets: ["IrDASimulation"]),
        .library(name: "IrDAProtocol", targets: ["IrDAProtocol"]),
        .library(name: "OBEX", targets: ["OBEX"]),
        // For the package Fuzz, not for linking to.
        .library(name: "FuzzTargets", targets: ["FuzzTargets"]),
        .library(name: "ws2_32", type: .dynamic, targets: ["WinsockExports"]),
        .library(name: "ws2_32-static", type: .static, targets: ["WinsockExports"]),
        .library(name: "wmain", type: .static, targets: ["WMain"]),
        // For `irsock run`, not for linking to.
        .library(
            name: "irsock-preload", type: .dynamic, targets: ["CAFIrDAPreload"]),
        .library(
            name: "irsock-af-irda", type: .dynamic, targets: ["AFIrDAPreload"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        .target(name: "CLinux"),
        .target(name: "CSocketPlugin"),
        .target(name: "SocketBackends", dependencies: ["CLinux", "CSocketPlugin", system], swiftSettings: settings),
        .target(name: "InternetBackend", dependencies: ["SocketBackends", system], swiftSettings: settings),
        .target(name: "KernelSockets", dependencies: ["SocketBackends", system], swiftSettings: settings),
        .target(
            name: "UnixBackend", dependencies: ["KernelSockets", "SocketBackends", system], swiftSettings: settings),
        .target(
            name: "VSOCKBackend", dependencies: ["KernelSockets", "SocketBackends", system], swiftSettings: settings),
        .target(
            name: "CBluetooth", path: "Plugins/Bluetooth/Sources/CBluetooth",
            linkerSettings: [.linkedLibrary("bluetooth")]),
        .target(
            name: "BluetoothBackend", dependencies: ["CBluetooth", "KernelSockets", "SocketBackends", system],
            path: "Plugins/Bluetooth/Sources/BluetoothBackend", swiftSettings: settings),
        .target(
            name: "BluetoothPlugin", dependencies: ["BluetoothBackend", "CSocketPlugin", "SocketBackends"],
            path: "Plugins/Bluetooth/Sources/BluetoothPlugin", swiftSettings: settings),
        .target(name: "BackendTestKit", dependencies: ["SocketBackends", "Winsock", system], swiftSettings: settings),
        .target(name: "Winsock", dependencies: ["CLinux", "SocketBackends", system], swiftSettings: settings),
        .target(name: "OBEX", swiftSettings: settings),
        .target(name: "IrDAProtocol", dependencies: [deque], swiftSettings: settings),
        .target(
            name: "IrDASimulation", dependencies: ["IrDAProtocol", "OBEX", deque, heap, system, yams],
            swiftSettings: settings),
        .target(
            name: "FuzzTargets",
            dependencies: ["IrDAAdapters", "IrDAProtocol", "IrDAService", "IrDASimulation", "OBEX"],
            path: "Fuzz/Sources/FuzzTargets", swiftSettings: settings),
        .target(name: "IrDAAdapters", swiftSettings: settings),
        .target(name: "IrDAService", dependencies: ["SocketBackends", system], swiftSettings: settings),
        .target(
            name: "IrDABackend", dependencies: ["IrDAProtocol", "IrDAService", "SocketBackends", system],
            swiftSettings: settings),
        .target(
            name: "IrDAStation",
            dependencies: [
                "CLinux", "IrDAAdapters", "IrDABackend", "IrDAProtocol", "IrDAService", "IrDASimulation",
                "SocketBackends", deque, nioCore, nioPosix, subprocess, system,
            ],
            swiftSettings: settings),
        .plugin(
            name: "NewAddressFamily",
            capability: .command(
                intent: .custom(
                    verb: "new-address-family", description: "Begin an address family that builds at once."),
                permissions: [
                    .writeToPackageDirectory(reason: "The new family's files are written, and added to Package.swift.")
                ])),
        .target(name: "CWinsock"),
        .target(name: "WMain"),
        .target(
            name: "WinsockExports",
            dependencies: [
                "CWinsock", "InternetBackend", "IrDABackend", "SocketBackends", "UnixBackend", "Winsock", system,
            ],
            swiftSettings: settings),
        // Loaded into every program under `irsock run`: it links to the C library and nothing else.
        .target(
            name: "CAFIrDAPreload",
            linkerSettings: [.unsafeFlags(["-nostartfiles", "-no-toolchain-stdlib-rpath"])]),
        // Loaded with a program's first infrared socket: it brings Swift's runtime along, which the program need not have.
        .target(
            name: "AFIrDAPreload",
            dependencies: ["CLinux", "IrDABackend", "IrDAService", "SocketBackends", system], swiftSettings: settings,
            linkerSettings: [.unsafeFlags(["-static-stdlib"])]),
        .executableTarget(
            name: "irsock",
            dependencies: [
                "CLinux", "InternetBackend", "IrDAAdapters", "IrDABackend", "IrDAProtocol", "IrDAService",
                "IrDASimulation", "IrDAStation", "OBEX", "SocketBackends", "UnixBackend",
                "VSOCKBackend", "Winsock", argumentParser, nioCore, nioPosix, subprocess, system,
            ],
            swiftSettings: settings),

        .target(
            name: "FamilyFixtures", dependencies: ["SocketBackends", system], path: "Tests/FamilyFixtures",
            exclude: ["C"], swiftSettings: settings),
        .testTarget(
            name: "SocketBackendsTests", dependencies: ["CSocketPlugin", "FamilyFixtures", "SocketBackends", system],
            swiftSettings: settings),
        .testTarget(
            name: "BluetoothBackendTests",
            dependencies: ["BackendTestKit", "BluetoothBackend", "FamilyFixtures", "SocketBackends", system],
            path: "Plugins/Bluetooth/Tests/BluetoothBackendTests", swiftSettings: settings),
        .testTarget(
            name: "KernelSocketsTests",
            dependencies: ["FamilyFixtures", "KernelSockets", "SocketBackends", "UnixBackend", "VSOCKBackend", system],
            swiftSettings: settings),
        .testTarget(
            name: "BackendTestKitTests",
            dependencies: [
                "BackendTestKit", "FamilyFixtures", "InternetBackend", "KernelSockets", "SocketBackends", "UnixBackend",
                "VSOCKBackend", system,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "InternetBackendTests", dependencies: ["InternetBackend", "SocketBackends", "TestSupport", system],
            swiftSettings: settings),
        .testTarget(
            name: "WinsockTests",
            dependencies: ["CLinux", "InternetBackend", "SocketBackends", "TestSupport", "Winsock", system],
            swiftSettings: settings),
        .testTarget(name: "OBEXTests", dependencies: ["OBEX", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "IrDAProtocolTests", dependencies: ["IrDAProtocol"], resources: [.copy("Fixtures")],
            swiftSettings: settings),
        .testTarget(name: "IrDAAdaptersTests", dependencies: ["IrDAAdapters"], swiftSettings: settings),
        .target(
            name: "SimulationFixtures", dependencies: ["IrDAProtocol", "IrDASimulation"],
            path: "Tests/SimulationFixtures", swiftSettings: settings),
        .testTarget(
            name: "IrDASimulationTests",
            dependencies: ["IrDAProtocol", "IrDASimulation", "OBEX", "SimulationFixtures", "TestSupport", system],
            swiftSettings: settings),
        .testTarget(name: "FuzzTests", dependencies: ["FuzzTargets", "IrDAProtocol"], swiftSettings: settings),
        .testTarget(
            name: "IrDABackendTests", dependencies: ["IrDABackend", "SocketBackends", system], swiftSettings: settings),
        .testTarget(
            name: "IrDAServiceTests", dependencies: ["IrDAService", "SocketBackends", "TestSupport", system],
            swiftSettings: settings),
        .testTarget(
            name: "IrDAStationTests",
            dependencies: [
                "BackendTestKit", "CLinux", "IrDAAdapters", "IrDABackend", "IrDAProtocol", "IrDAService",
                "IrDASimulation",
                "IrDAStation", "SimulationFixtures", "SocketBackends", "TestSupport", "Winsock", nioCore, nioPosix,
                system,
            ],
            swiftSettings: settings),
        .testTarget(
            name: "ConnectRulesTests",
            dependencies: [
                "InternetBackend", "NetworkScenarios", "SocketBackends", "TestSupport", "Winsock", subprocess, system,
            ],
            swiftSettings: settings),
        // The program that ConnectRulesTests runs in network namespaces.
        .executableTarget(
            name: "NetworkScenarios",
            dependencies: ["InternetBackend", "SocketBackends", "TestSupport", "Winsock", system],
            path: "Tests/NetworkScenarios", swiftSettings: settings),
        .target(name: "TestSupport", dependencies: [system], path: "Tests/TestSupport", swiftSettings: settings),
        .testTarget(
            name: "WinsockExportsTests", dependencies: ["CWinsock", "WinsockExports", "irsock", subprocess, system],
            exclude: ["Programs"], swiftSettings: settings),
        .testTarget(
            name: "irsockTests",
            dependencies: [
                "irsock", "FamilyFixtures", "IrDABackend", "IrDAProtocol", "IrDAService", "IrDASimulation",
                "IrDAStation",
                "OBEX",
                "SocketBackends", "TestSupport", "Winsock", subprocess, system,
            ],
            swiftSettings: settings),
        // They run programs under irsock and link to no half of the library, which would take the place of their own calls.
        .testTarget(
            name: "AFIrDAPreloadTests",
            dependencies: [
                "IrDAService", "IrDASimulation", "IrDAStation", "TestSupport", "irsock", nioPosix, subprocess, system,
            ],
            exclude: ["Programs"], swiftSettings: settings),
    ]
)
