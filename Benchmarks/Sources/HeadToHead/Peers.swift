import BenchmarkRows
import Foundation

/// Who Weft is measured against: the one list of peers.
public struct Peer: Sendable {
    /// The name in results.
    public var name: String
    /// What it is, for those who read the name first.
    public var about: String
    /// The executable, relative to the folder of the benchmarks or absolute, and its arguments.
    var command: [String]
    /// Whether a quick run measures it too.
    public var isQuick: Bool
    /// A shared library to load before all others, by the names that systems give it.
    var preload: [String]
    /// Variables beside those that limit threads.
    var environment: [String: String]
    /// Whether the peer has a row.
    public var runs: @Sendable (Row) -> Bool

    private init(
        _ name: String,
        _ about: String,
        _ command: [String],
        isQuick: Bool = true,
        preload: [String] = [],
        environment: [String: String] = [:],
        runs: @escaping @Sendable (Row) -> Bool
    ) {
        self.name = name
        self.about = about
        self.command = command
        self.isQuick = isQuick
        self.preload = preload
        self.environment = environment
        self.runs = runs
    }

    public static let all = [
        Peer("torch", "PyTorch, eager", python("torch_peer.py")) { _ in true },
        Peer(
            "torch-tuned",
            "PyTorch, eager, with tcmalloc and huge pages",
            python("torch_peer.py"),
            preload: ["libtcmalloc_minimal.so.4", "libtcmalloc.so.4"],
            environment: ["THP_MEM_ALLOC_ENABLE": "1"]
        ) { $0.kind != "start" },
        Peer(
            "torch-channels-last",
            "the same with images laid out channels-last",
            python("torch_peer.py", "--channels-last"),
            preload: ["libtcmalloc_minimal.so.4", "libtcmalloc.so.4"],
            environment: ["THP_MEM_ALLOC_ENABLE": "1"],
            runs: hasImages
        ),
        Peer(
            "torch-compile",
            "PyTorch, torch.compile",
            python("torch_peer.py", "--compile", "--channels-last"),
            isQuick: false
        ) {
            // Recurrent layers are unrolled: compiling 64 steps takes minutes.
            !["start", "tape", "lstm", "gru"].contains($0.kind) && $0.operation != "lstm" && !$0.measuresMemory
        },
        Peer("libtorch", "PyTorch's C++ library, without Python", native("libtorch_peer")) {
            isSmall($0) || $0.kind == "start"
        },
        Peer("jax", "JAX under jit", python("jax_peer.py")) { isSmall($0) || isNetwork($0) && !$0.measuresMemory },
        // Its packages for Linux come with a reference BLAS; this is the quickest that has the same functions.
        Peer(
            "mlx",
            "MLX, with OpenBLAS",
            python("mlx_peer.py"),
            preload: ["openblas-pthread/libopenblas.so.0", "libopenblas.so.0"]
        ) { $0.kind != "start" && $0.kind != "tape" && !$0.measuresMemory },
        Peer("onnxruntime", "ONNX Runtime", python("onnxruntime_peer.py")) { $0.kind == "infer" },
        Peer("openblas", "OpenBLAS", native("blas_peer", "openblas")) { $0.kind == "matmul" },
        Peer("blis", "BLIS", native("blas_peer", "blis")) { $0.kind == "matmul" },
    ]

    /// Another build of Weft's own worker, in turns with which a change is measured.
    public static func baseline(worker: URL) -> Peer {
        Peer("weft-baseline", "another build of Weft", [worker.standardizedFileURL.path]) { _ in true }
    }

    /// Rows where what surrounds the arithmetic matters most.
    private static func isSmall(_ row: Row) -> Bool {
        switch row.kind {
        case "tape": true
        case "train": row.operation == "tiny-mlp"
        case "pointwise": row.sizes["n"].map { $0 <= 1000 } ?? false
        default: false
        }
    }

    /// Convolutional, attentional and recurrent networks, and what they consist of.
    private static func isNetwork(_ row: Row) -> Bool {
        switch row.kind {
        case "train", "infer": ["cnn", "resnet20", "gpt", "gpt-token", "lstm"].contains(row.operation)
        case "attention", "lstm", "gru", "conv", "convtranspose": true
        default: hasImages(row)
        }
    }

    /// Rows on tensors of images, which may lie channels-last.
    private static func hasImages(_ row: Row) -> Bool {
        switch row.kind {
        case "train", "infer": row.operation == "cnn" || row.operation == "resnet20"
        case "conv", "convtranspose": row.inputs[0].shape.count > 3
        case "maxpool2d", "avgpool2d", "bilinear", "batchnorm", "groupnorm": true
        default: false
        }
    }

    /// Where `make bench-setup` puts the peers.
    private static let environmentFolder = ".venv"

    private static func native(_ program: String, _ arguments: String...) -> [String] {
        [environmentFolder + "/bin/" + program] + arguments
    }

    private static func python(_ script: String, _ arguments: String...) -> [String] {
        [environmentFolder + "/bin/python", "Peers/" + script] + arguments
    }

    /// How to start the peer.
    ///
    /// - Parameters:
    ///   - folder: that of the benchmarks.
    ///   - threads: how many the peer may use.
    public func specification(folder: URL, threads: Int) -> WorkerSpecification {
        var environment = Peer.threadLimits(threads).merging(environment) { $1 }
        let library = preload.lazy.compactMap(Peer.find).first
        if let library { environment["LD_PRELOAD"] = library }
        let executable = command[0].hasPrefix("/") ? command[0] : folder.appendingPathComponent(command[0]).path
        let lacksLibrary = library == nil && !preload.isEmpty
        return WorkerSpecification(
            name: name,
            command: [executable] + command.dropFirst(),
            environment: environment,
            clearing: Peer.handicaps,
            genericKernels: Peer.genericKernels,
            folder: folder,
            runs: runs,
            absence: { [preload] in
                if !FileManager.default.isExecutableFile(atPath: executable) {
                    return "not installed: make bench-setup"
                }
                return lacksLibrary ? "\(preload[0]) is not installed: make bench-setup" : nil
            }
        )
    }

    /// The variables that the thread pools of all peers heed.
    package static func threadLimits(_ threads: Int) -> [String: String] {
        let names = [
            "OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "BLIS_NUM_THREADS", "PJRT_NPROC", "NPROC",
        ]
        return Dictionary(uniqueKeysWithValues: names.map { ($0, String(threads)) })
    }

    /// Variables with which somebody may have made a library take kernels or sizes for another machine than this one.
    package static let handicaps = [
        "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "BLIS_ARCH_TYPE", "BLIS_MODEL_TYPE", "MKL_ENABLE_INSTRUCTIONS",
        "MKL_DEBUG_CPU_TYPE", "MKL_CBWR", "ATEN_CPU_CAPABILITY", "ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA",
    ]

    /// What the libraries call kernels for no CPU in particular: OpenBLAS falls back on those for the Prescott, or for
    /// any Arm of 64 bits, PyTorch on those of its baseline.
    package static let genericKernels: Set<String> = [
        "generic", "prescott", "core2", "armv8", "default", "no avx",
    ]

    /// The path of a shared library in the folders where systems have them.
    private static func find(library: String) -> String? {
        let multiarch = ["x86_64", "aarch64"].map { "/usr/lib/\($0)-linux-gnu" }
        return (multiarch + ["/usr/lib64", "/usr/lib", "/usr/local/lib"]).map { $0 + "/" + library }
            .first { FileManager.default.fileExists(atPath: $0) }
    }
}
