// swift-tools-version: 6.3

import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

// A package of its own, so that building the libraries stays light.
let package = Package(
    name: "Benchmarks",
    dependencies: [
        .package(name: "IrSock", path: ".."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    ],
    targets: [
        .target(name: "CAllocations"),
        .target(name: "CEpoll"),
        .executableTarget(
            name: "irsock-bench",
            dependencies: [
                "CAllocations", "CEpoll",
                .product(name: "InternetBackend", package: "IrSock"),
                .product(name: "IrDAAdapters", package: "IrSock"),
                .product(name: "IrDAProtocol", package: "IrSock"),
                .product(name: "IrDASimulation", package: "IrSock"),
                .product(name: "IrDAStation", package: "IrSock"),
                .product(name: "SocketBackends", package: "IrSock"),
                .product(name: "Winsock", package: "IrSock"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: settings),
    ]
)
