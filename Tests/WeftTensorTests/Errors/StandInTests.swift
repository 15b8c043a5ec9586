import Testing

@testable import WeftTensor

/// What a refused operation returns inside `withTensorErrors`: code that goes on with it must find the dimensions that
/// it expects.
@Suite("What stands in for a refused result")
struct StandInTests {
    struct Refused: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let shape: [Int]
        let dtype: DType
        let make: @Sendable () -> Tensor

        init(
            _ name: String,
            _ shape: [Int],
            _ dtype: DType = .float32,
            make: @escaping @Sendable () -> Tensor
        ) {
            testDescription = name
            self.shape = shape
            self.dtype = dtype
            self.make = make
        }
    }

    private static let x = Tensor(zeros: [2, 3])
    private static let y = Tensor(zeros: [3, 4])
    private static let wrong = Tensor(zeros: [5, 7])
    private static let truths = Tensor([true, false])

    static let refused = [
        Refused("add", [2, 3]) { x + Tensor(zeros: [4]) },
        Refused("add of more dimensions", [5, 2, 3]) { x + Tensor(zeros: [5, 1, 4]) },
        Refused("compare", [2, 3], .bool) { x .< wrong },
        Refused("maximum", [2, 3]) { .maximum(x, wrong) },
        Refused("neg", [2], .bool) { -truths },
        Refused("where", [5, 7]) { `where`(wrong .> 0, x, x) },
        Refused("addcmul", [2, 3]) { addcmul(x, wrong, wrong) },
        Refused("sum", [2]) { x.sum(axis: 2) },
        Refused("sum keeping dimensions", [1, 1]) { x.sum(axes: [0, 0], keepDims: true) },
        Refused("mean", [2]) { Tensor(zeros: [2, 3], dtype: .int64).mean(axis: 9) },
        Refused("variance", []) { x.variance(axes: [1, 7]) },
        Refused("max", [2]) { x.max(axis: 5).values },
        Refused("indices of max", [2], .int64) { x.max(axis: 5).indices },
        Refused("argmax", [2], .int64) { x.argmax(axis: -3) },
        Refused("argmax of nothing", [4], .int64) { Tensor(zeros: [4, 0]).argmax(axis: 1) },
        Refused("cumulativeSum", [2, 3]) { x.cumulativeSum(axis: 4) },
        Refused("softmax", [2, 3]) { x.softmax(axis: 4) },
        Refused("reshaped", [2, 3, 4]) { x.reshaped([2, 3, 4]) },
        Refused("reshaped with an unknown size", [5, 1]) { x.reshaped([5, -1]) },
        Refused("transposed", [2, 3]) { x.transposed(0, 2) },
        Refused("squeezed", [2]) { x.squeezed(axis: 1) },
        Refused("unsqueezed", [2, 3, 1]) { x.unsqueezed(axis: 5) },
        Refused("expanded", [6, 3]) { x.expanded(to: [6, 3]) },
        Refused("concatenated", [5, 3]) { concatenated([x, y]) },
        Refused("stacked", [2, 2, 3]) { stacked([x, y]) },
        Refused("matmul", [2, 7]) { matmul(x, wrong) },
        Refused("matmul of a batch", [6, 2, 7]) { matmul(Tensor(zeros: [6, 2, 3]), wrong) },
        Refused("matmul by a vector", [2]) { matmul(x, Tensor(zeros: [8])) },
        Refused("embedding", [2, 4, 3]) { x.embedding(Tensor(full: [2, 4], 9)) },
        Refused("embedding of a vector", [5, 3]) { Tensor(zeros: [3]).embedding(Tensor(zeros: [5], dtype: .int64)) },
        Refused("indexSelect", [2, 5]) { x.indexSelect(axis: 1, Tensor(full: [5], 7)) },
        Refused("gather", [1, 2]) { x.gather(axis: 1, Tensor([[0, 8]])) },
        Refused("indexAdd", [2, 3]) { x.indexAdd(axis: 0, Tensor([0]), wrong) },
        Refused("scatterAdd", [2, 3]) { x.scatterAdd(axis: 0, Tensor([[4]]), x) },
        Refused("layerNorm", [2, 3]) { x.layerNorm([4]) },
        Refused("crossEntropy", []) { x.crossEntropy(Tensor([0, 3])) },
        Refused("crossEntropy of each", [2]) { x.crossEntropy(Tensor([0, 3]), reduction: .none) },
        Refused("subscript", [3]) { x[7] },
        Refused("subscript with a new dimension", [1, 3]) { x[.newAxis, 5] },
        Refused("addmm", [2, 4]) { addmm(Tensor(zeros: [9]), x, y) },
    ]

    @Test("A refused result has the shape and the dtype that the right call would have had", arguments: refused)
    func shape(_ refused: Refused) {
        #expect(throws: TensorError.self) {
            try withTensorErrors {
                let result = refused.make()
                #expect(result.shape == refused.shape)
                #expect(result.dtype == refused.dtype)
            }
        }
    }

    @Test("A size is asked for from either end, and refused where there is no such dimension")
    func sizes() {
        #expect(Self.x.size(0) == 2 && Self.x.size(-1) == 3)
        let error = #expect(throws: TensorError.self) {
            try withTensorErrors {
                let x = Self.x
                #expect(x.size(2) == 1)
            }
        }
        #expect(error?.operation == "size")
    }

    @Test("Operations on a refused result change its shape as they would any other's")
    func chains() {
        #expect(throws: TensorError.self) {
            try withTensorErrors {
                let hidden = matmul(Self.x, Self.wrong)
                #expect(hidden.relu().T.shape == [7, 2])
                #expect(hidden.reshaped([7, 2]).softmax(axis: 1).sum(axis: 0).shape == [2])
                #expect(matmul(hidden, Tensor(zeros: [7, 4])).unsqueezed(axis: 1).shape == [2, 1, 4])
                #expect(concatenated([hidden, hidden], axis: 1).shape == [2, 14])
                #expect((hidden .> 0).dtype == .bool)
                #expect(hidden.argmax(axis: 1).shape == [2])
                #expect(hidden.to(.int64).dtype == .int64)
            }
        }
    }
}
