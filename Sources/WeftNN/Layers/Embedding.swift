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
    /// The length that vectors are scaled down to before they are used, in the table itself; `nil` for none.
    public let maxNorm: Double?
    /// The order of the norm that this is about.
    public let normType: Double
    /// Whether a vector's gradient is divided by the number of indices that name it.
    public let scaleGradByFreq: Bool
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
        maxNorm: Double? = nil,
        normType: Double = 2,
        scaleGradByFreq: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        let site = CallSite(file, line)
        let table = EmbeddingTable(count, features, paddingIndex: paddingIndex, "Embedding", at: site)
        (self.count, self.features, self.paddingIndex) = (table.count, table.features, table.padding)
        self.maxNorm = maxNorm
        self.normType = normType
        self.scaleGradByFreq = scaleGradByFreq
        weight = table.weight
    }

    /// The vectors that `indices`, int64 from 0 up to `count`, name: `[…, features]`.
    public func callAsFunction(_ indices: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        if let maxNorm {
            weight.limitRows(indices, maxNorm: maxNorm, normType: normType, "Embedding", at: CallSite(file, line))
        }
        return weight.value.embedding(
            indices,
            paddingIndex: paddingIndex,
            scaleGradByFreq: scaleGradByFreq,
            file: file,
            line: line
        )
    }

    @_disfavoredOverload
    public func callAsFunction(_ indices: Tensor) -> Tensor {
        callAsFunction(indices, file: #fileID, line: #line)
    }
}
