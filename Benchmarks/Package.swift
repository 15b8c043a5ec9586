// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that importers of Weft never see what only benchmarks need.
let package = Package(
    name: "weft-benchmarks",
    platforms: [.macOS(.v26)],
    dependencies: [
        .package(name: "weft", path: ".."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        // Without its traits, which are for counting calls of malloc and bring libraries of their own.
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
    ],
    targets: [
        .executableTarget(name: "runtime-bars", dependencies: [.product(name: "Weft", package: "weft")]),
        .executableTarget(
            name: "gemm-sweep",
            dependencies: ["HeadToHead", .product(name: "Weft", package: "weft")]
        ),
        .target(name: "BenchmarkRows"),
        .target(name: "CCoreProbe"),
        .target(name: "HeadToHead", dependencies: ["BenchmarkRows", "CCoreProbe"]),
        .executableTarget(
            name: "head-to-head",
            dependencies: [
                "BenchmarkRows", "HeadToHead",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
        .target(name: "CMicroMarks"),
        .target(name: "MicroCases", dependencies: [.product(name: "Weft", package: "weft")]),
        .executableTarget(name: "micro-counts", dependencies: ["CMicroMarks", "MicroCases"]),
        .executableTarget(
            name: "Micro",
            dependencies: ["MicroCases", .product(name: "Benchmark", package: "benchmark")],
            path: "Benchmarks/Micro",
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
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
