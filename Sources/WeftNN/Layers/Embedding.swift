public import WeftTensor

/// A table of vectors, looked up by number.
///
/// Takes int64 tensors of any shape and gives `[…, features]`.
public final class Embedding: Layer {
    /// The number of vectors.
    public let count: Int
    /// The length of a vector.
    public let features: Int
    /// The row that stands for padding: it starts as zeros and gets no gradient. `nil` if there is none.
    public let paddingIndex: Int?
    /// The vectors, of shape `[count, features]`.
    public let weight: Parameter

    /// Makes a table of normally distributed numbers.
    ///
    /// - Parameter paddingIndex: the row for padding; a negative one counts from the end.
    ///
    /// Refused if a size is negative or the padding index is none of the rows.
    public init(
        _ count: Int,
        _ features: Int,
        paddingIndex: Int? = nil,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        if count < 0 || features < 0 {
            refuse(
                "Embedding",
                "there are \(count) vectors of \(features) features; neither can be negative",
                at: CallSite(file, line)
            )
        }
        let (count, features) = (max(count, 0), max(features, 0))
        let padding = paddingIndex.map { $0 < 0 ? $0 + count : $0 }
        let hasPadding = padding.map { (0..<count).contains($0) }
        if let paddingIndex, hasPadding == false {
            refuse(
                "Embedding",
                "the padding index \(paddingIndex) is none of the \(count) rows",
                at: CallSite(file, line)
            )
        }
        self.count = count
        self.features = features
        self.paddingIndex = hasPadding == true ? padding : nil
        weight = refusing(as: "Embedding", at: CallSite(file, line)) {
            var table = Tensor(normal: [count, features])
            if hasPadding == true, let padding { table[padding] = Tensor(zeros: [features]) }
            return Parameter(table)
        }
    }

    /// The vectors that `indices`, int64 from 0 up to `count`, name: `[…, features]`.
    public func callAsFunction(_ indices: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        weight.value.embedding(indices, paddingIndex: paddingIndex, file: file, line: line)
    }

    @_disfavoredOverload
    public func callAsFunction(_ indices: Tensor) -> Tensor {
        callAsFunction(indices, file: #fileID, line: #line)
    }
}
