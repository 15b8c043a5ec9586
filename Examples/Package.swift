// swift-tools-version: 6.2
import PackageDescription

/// A program that shows one thing in a few lines.
func example(_ name: String) -> Target {
    .executableTarget(name: name, dependencies: ["Claims", .product(name: "Weft", package: "weft")])
}

// A package of its own, which imports Weft as anybody's does.
let package = Package(
    name: "weft-examples",
    platforms: [.macOS(.v26)],
    dependencies: [.package(name: "weft", path: "..")],
    targets: [
        .target(name: "Claims"),
        example("SpiralClassifier"),
        example("LeastSquares"),
        example("ServeAndTrain"),
        example("CharacterTransformer"),
    ],
    swiftLanguageModes: [.v6]
)
