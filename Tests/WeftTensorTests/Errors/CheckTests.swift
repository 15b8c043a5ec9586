import Testing

@testable import WeftTensor

@Suite("Checks that throw")
struct CheckTests {
    @Test("What has the shape and the dtype is given on as it is")
    func fitting() throws {
        let x = Tensor(zeros: [3, 784])
        #expect(try x.checked(shape: [nil, 784]).shape == [3, 784])
        #expect(try x.checked(shape: [3, 784], dtype: .float32).dtype == .float32)
        #expect(try Tensor(1.0).checked(shape: []).rank == 0)
        #expect(try Tensor(zeros: [0, 2]).checked(shape: [nil, nil]).count == 0)
    }

    @Test(
        "Another shape is thrown, with the caller's line",
        arguments: [
            ([nil, 784], "shape [3, 5] is not [any, 784]"), ([3], "shape [3, 5] is not [3]"),
            ([3, 5, nil], "shape [3, 5] is not [3, 5, any]"), ([], "shape [3, 5] is not []"),
        ] as [([Int?], String)]
    )
    func shapes(expected: [Int?], message: String) throws {
        let line = #line + 1
        let error = #expect(throws: TensorError.self) { try Tensor(zeros: [3, 5]).checked(shape: expected) }
        #expect(error?.operation == "checked")
        #expect(error?.message == message)
        #expect(error?.line == UInt(line))
        #expect(error?.file == "WeftTensorTests/CheckTests.swift")
    }

    @Test("Another dtype is thrown")
    func dtypes() {
        let error = #expect(throws: TensorError.self) { try Tensor([1, 2]).checked(shape: [2], dtype: .float32) }
        #expect(error?.message == "the dtype is int64, not float32")
    }

    @Test("Of a refused tensor the refusal itself is thrown, before anything that depends on it runs")
    func refused() {
        var goesOn = false
        let error = #expect(throws: TensorError.self) {
            try withTensorErrors {
                try matmul(Tensor(zeros: [2, 3]), Tensor(zeros: [2, 3])).checked(shape: [2, 3])
                goesOn = true
            }
        }
        #expect(error?.operation == "matmul")
        #expect(!goesOn)
    }
}
