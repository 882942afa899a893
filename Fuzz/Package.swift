// swift-tools-version: 6.3

import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

// The targets are in Sources/FuzzTargets, a target of the main package, whose tests replay the corpus.
let targets: Target.Dependency = .product(name: "FuzzTargets", package: "IrSock")

// A package of its own, since all of it, the libraries too, is built with the fuzzer's instruments:
//
//     swift build -c release --sanitize=fuzzer --product irsock-fuzz
//     SWIFT_BACKTRACE=enable=no IRSOCK_FUZZ_TARGET=link .build/release/irsock-fuzz Corpus/link -max_total_time=30
//
// irsock-fuzz-random drives the same targets without libFuzzer, from the corpus and a seed.
let package = Package(
    name: "Fuzz",
    dependencies: [.package(name: "IrSock", path: "..")],
    targets: [
        .executableTarget(name: "irsock-fuzz", dependencies: [targets], swiftSettings: settings),
        .executableTarget(
            name: "irsock-fuzz-random",
            dependencies: [targets, .product(name: "IrDAProtocol", package: "IrSock")], swiftSettings: settings),
    ]
)
