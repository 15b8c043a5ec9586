// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that importers of Weft never see what only benchmarks need.
let package = Package(
    name: "weft-benchmarks",
    platforms: [.macOS(.v26)],
    dependencies: [
        .package(name: "weft", path: ".."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    ],
    targets: [
        .executableTarget(name: "runtime-bars", dependencies: [.product(name: "Weft", package: "weft")]),
        .target(name: "BenchmarkRows"),
        .target(name: "HeadToHead", dependencies: ["BenchmarkRows"]),
        .executableTarget(
            name: "head-to-head",
            dependencies: [
                "BenchmarkRows", "HeadToHead",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
        .executableTarget(name: "first-result", dependencies: [.product(name: "Weft", package: "weft")]),
        .executableTarget(
            name: "weft-worker",
            dependencies: ["BenchmarkRows", .product(name: "Weft", package: "weft")]
        ),
        .testTarget(name: "BenchmarkRowsTests", dependencies: ["BenchmarkRows"]),
        .testTarget(name: "HeadToHeadTests", dependencies: ["BenchmarkRows", "HeadToHead"]),
        .testTarget(
            name: "WeftWorkerTests",
            dependencies: ["weft-worker", "BenchmarkRows", .product(name: "Weft", package: "weft")]
        ),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c17
)
