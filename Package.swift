// swift-tools-version: 6.2
import PackageDescription

/// Kernels stay optimised in a user's debug build, and multiply-adds are fused only where written. Of what -O3 adds to -O2
/// they need loops without the conditions that do not change in them; loops have as many streams as they are written with.
/// That and debug information for backtraces alone take a fifth less of the compiler's time, and measure as fast.
func kernelFlags(_ optimization: String...) -> [CSetting] {
    absent("WEFT_WITHOUT_ISAS").sorted().map { .define("CK_WITHOUT_\($0.uppercased())") } + [
        .unsafeFlags(
            optimization + [
                "-mllvm", "-enable-nontrivial-unswitch=1", "-mllvm", "-unroll-runtime=0",
                "-gline-tables-only", "-fopenmp", "-ffp-contract=off", "-fno-math-errno", "-Wall", "-Wextra",
            ]
        )
    ]
}

let package = Package(
    name: "weft",
    platforms: [.macOS(.v26)],
    products: [
        .library(name: "Weft", targets: ["Weft"]),
        .executable(name: "weft", targets: ["weft-cli"]),
        .executable(name: "weft-conformance", targets: ["weft-conformance"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0")
    ],
    targets: [
        // The tile functions of all instruction sets. Only programs are linked with them: as part of CKernels, whose table
        // names them, they would have to be compiled before any Swift is.
        .target(name: "CKernelTiles", path: "CKernels/isa", exclude: ["baseline"], cSettings: kernelFlags("-O2")),
        // Those of processors without AVX2, which nobody buys for their speed, get less of the compiler's time, which
        // then warns of the loops that it leaves as they are written.
        .target(
            name: "CKernelTilesBaseline",
            path: "CKernels/isa/baseline",
            cSettings: kernelFlags("-O1", "-Wno-pass-failed")
        ),
        .target(
            name: "CKernels",
            dependencies: ["CKernelTiles", "CKernelTilesBaseline"],
            path: "CKernels",
            exclude: ["isa"],
            cSettings: kernelFlags("-O2"),
            linkerSettings: [
                // For libomp, which is loaded when a team is first wanted: see core/openmp.c.
                .linkedLibrary("dl", .when(platforms: [.linux])),
                .linkedLibrary("m", .when(platforms: [.linux])),
            ]
        ),
        .target(name: "WeftRuntime", dependencies: ["CKernels"]),
        .target(name: "WeftTensor", dependencies: ["WeftRuntime"]),
        .target(name: "WeftNN", dependencies: ["WeftRuntime", "WeftTensor"]),
        .target(name: "WeftIO", dependencies: ["WeftRuntime", "WeftTensor", "WeftNN"]),
        .target(name: "Weft", dependencies: ["WeftTensor", "WeftNN", "WeftIO"]),
        .executableTarget(
            name: "weft-cli",
            dependencies: [
                "Weft", "WeftIO", "WeftRuntime",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            // The attribution goes wherever the digits go.
            resources: [
                .copy("Resources/digits.csv.gz"), .copy("Resources/tales.txt.gz"), .copy("Resources/README.md"),
            ]
        ),
        .executableTarget(
            name: "weft-conformance",
            dependencies: [
                "Weft", "WeftRuntime", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),
        .testTarget(name: "CKernelsTests", dependencies: ["CKernels"]),
        .testTarget(name: "WeftRuntimeTests", dependencies: ["WeftRuntime"]),
        .testTarget(name: "WeftTensorTests", dependencies: ["WeftTensor"]),
        .testTarget(name: "WeftNNTests", dependencies: ["WeftNN"]),
        .testTarget(name: "WeftIOTests", dependencies: ["WeftIO"]),
        .testTarget(name: "GuideTests", dependencies: ["Weft"]),
        .testTarget(name: "ParityTests", dependencies: ["Weft"], exclude: ["Cases"]),
        .testTarget(name: "ConformanceTests", dependencies: ["weft-conformance"], exclude: ["Cases"]),
        .testTarget(name: "StressTests", dependencies: ["Weft"]),
        .testTarget(name: "WeftCLITests", dependencies: ["weft-cli", "Weft"]),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c17
)

let absentTargets = absent("WEFT_WITHOUT_TARGETS")
package.targets.removeAll { absentTargets.contains($0.name) }
package.products.removeAll { product in
    (product as? Product.Executable).map { !absentTargets.isDisjoint(with: $0.targets) } ?? false
}

/// What a variable of the environment names, with commas between, is not built: targets, or instruction sets (`avx2`,
/// `avx512`, `neon`). For sanitizers, which need not see every test nor every form of a kernel, and take long over each.
func absent(_ variable: String) -> Set<String> {
    Set((Context.environment[variable] ?? "").split(separator: ",").map(String.init))
}
