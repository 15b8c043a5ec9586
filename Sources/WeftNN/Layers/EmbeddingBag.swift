public import WeftTensor

/// A table of vectors of which bags are looked up and combined: ``Embedding``, and a sum, a mean or a maximum of what it
/// gives, in one step.
public final class EmbeddingBag: Module {
    /// The number of vectors.
    public let count: Int
    /// The length of a vector.
    public let features: Int
    /// The length that vectors are scaled down to before they are used, in the table itself; `nil` for none.
    public let maxNorm: Double?
    /// The order of the norm that this is about.
    public let normType: Double
    /// Whether a vector's gradient is divided by the number of indices that name it.
    public let scaleGradByFreq: Bool
    /// How the vectors of a bag are combined.
    public let mode: EmbeddingBagMode
    /// Whether the last offset is where the last bag ends.
    public let includeLastOffset: Bool
    /// The row that stands for padding: it starts as zeros, is passed over and gets no gradient. `nil` if there is none.
    public let paddingIndex: Int?
    /// The vectors, of shape `[count, features]`.
    public let weight: Parameter

    /// Makes a table of normally distributed numbers.
    ///
    /// Refused if a size is negative, the padding index is none of the rows, or gradients of maxima are to be scaled.
    public init(
        _ count: Int,
        _ features: Int,
        maxNorm: Double? = nil,
        normType: Double = 2,
        scaleGradByFreq: Bool = false,
        mode: EmbeddingBagMode = .mean,
        includeLastOffset: Bool = false,
        paddingIndex: Int? = nil,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        let site = CallSite(file, line)
        let table = EmbeddingTable(count, features, paddingIndex: paddingIndex, "EmbeddingBag", at: site)
        if mode == .max, scaleGradByFreq {
            refuse("EmbeddingBag", "gradients of maxima cannot be divided by the frequency of the indices", at: site)
        }
        (self.count, self.features, self.paddingIndex) = (table.count, table.features, table.padding)
        self.maxNorm = maxNorm
        self.normType = normType
        self.scaleGradByFreq = mode != .max && scaleGradByFreq
        self.mode = mode
        self.includeLastOffset = includeLastOffset
        weight = table.weight
    }

    /// What the bags come to, `[bags, features]`; arguments that do not fit are refused as by `Tensor.embeddingBag`.
    ///
    /// - Parameters:
    ///   - indices: a matrix with a bag in each row, or a vector that `offsets` cuts into bags; int64.
    ///   - perSampleWeights: what each vector is multiplied by, where they are added up; of the shape of `indices`.
    public func callAsFunction(
        _ indices: Tensor,
        _ offsets: Tensor? = nil,
        perSampleWeights: Tensor? = nil,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        if let maxNorm {
            weight.limitRows(indices, maxNorm: maxNorm, normType: normType, "EmbeddingBag", at: CallSite(file, line))
        }
        return weight.value.embeddingBag(
            indices,
            offsets: offsets,
            mode: mode,
            perSampleWeights: perSampleWeights,
            includeLastOffset: includeLastOffset,
            paddingIndex: paddingIndex,
            scaleGradByFreq: scaleGradByFreq,
            file: file,
            line: line
        )
    }
}
