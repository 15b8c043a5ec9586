import BenchmarkRows
import Foundation
import HeadToHead
import Testing

@Suite("Peers")
struct PeersTests {
    private func peer(_ name: String) throws -> Peer { try #require(Peer.all.first { $0.name == name }) }

    private func groups(_ name: String) throws -> Set<String> {
        let peer = try peer(name)
        return Set(Catalog.rows.filter(peer.runs).map(\.kind))
    }

    @Test("there are the ten peers that results name")
    func names() {
        #expect(
            Peer.all.map(\.name) == [
                "torch", "torch-tuned", "torch-channels-last", "torch-compile", "libtorch", "jax", "mlx", "onnxruntime",
                "openblas", "blis",
            ]
        )
    }

    @Test("each peer has the rows that it is good at")
    func rows() throws {
        let everything = Set(Catalog.rows.map(\.kind))
        #expect(try groups("torch") == everything)
        #expect(try groups("torch-tuned") == everything.subtracting(["start"]))
        #expect(try groups("torch-compile") == everything.subtracting(["start", "tape", "lstm", "gru"]))
        #expect(
            try groups("torch-channels-last") == [
                "conv", "convtranspose", "maxpool2d", "avgpool2d", "bilinear", "batchnorm", "groupnorm", "train", "infer",
            ]
        )
        #expect(try groups("mlx") == everything.subtracting(["start", "tape"]))
        #expect(try groups("openblas") == ["matmul"] && groups("blis") == ["matmul"])
        #expect(try groups("onnxruntime") == ["infer"])
        #expect(try groups("libtorch") == ["pointwise", "tape", "train", "start"])
        let networks = [
            "conv", "convtranspose", "maxpool2d", "avgpool2d", "bilinear", "batchnorm", "groupnorm", "attention", "lstm",
            "gru", "infer",
        ]
        #expect(try groups("jax") == Set(["pointwise", "tape", "train"] + networks))
        let small = Catalog.rows.filter(try peer("jax").runs).map(\.name)
        #expect(small.contains("pointwise/tanh/1e3") && !small.contains("pointwise/tanh/1e5"))
        #expect(small.contains("train/tiny-mlp") && !small.contains("train/mlp-sgd"))
        #expect(small.contains("infer/gpt/token") && !small.contains("infer/mlp/b1/callers1"))
        let images = Catalog.rows.filter(try peer("torch-channels-last").runs).map(\.name)
        #expect(images.contains("train/resnet20") && !images.contains("train/gpt"))
        #expect(!images.contains("conv1d/16x64x1000/64x5/forward"))
    }

    @Test("what training takes of memory is compared with PyTorch in eager mode alone")
    func memory() throws {
        let row = try #require(Catalog.rows.first { $0.name == "memory/resnet20" })
        #expect(
            Peer.all.filter { $0.runs(row) }.map(\.name) == ["torch", "torch-tuned", "torch-channels-last"]
        )
    }

    @Test("every peer gets as many threads as Weft")
    func threads() throws {
        let environment = try peer("openblas").specification(folder: URL(fileURLWithPath: "/"), threads: 3).environment
        for name in ["OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "BLIS_NUM_THREADS"] {
            #expect(environment[name] == "3")
        }
    }

    @Test("no peer sees what would make it take kernels for another machine")
    func handicaps() {
        for peer in Peer.all {
            let specification = peer.specification(folder: URL(fileURLWithPath: "/"), threads: 1)
            #expect(specification.cleared.contains("OPENBLAS_CORETYPE"))
            #expect(specification.cleared.contains("OPENBLAS_L2_SIZE"))
        }
    }

    @Test("a peer that is not installed is absent, and the reason says what to do")
    func absence() throws {
        let scratch = try ScratchFolder()
        for peer in Peer.all {
            let absence = peer.specification(folder: scratch.url, threads: 1).absence()
            #expect(absence == "not installed: make bench-setup")
        }
    }
}
