import WeftRuntime

extension Tensor {
    /// The rows of this table, of shape [rows, features], that `indices` name, of shape [indices' shape…, features].
    ///
    /// The gradient adds up what each row gets in the order of the indices, so that it is the same however the work is
    /// spread.
    ///
    /// - Parameters:
    ///   - paddingIndex: a row that gets no gradient; nil for none.
    ///   - scaleGradByFreq: whether the gradient of a row is divided by the number of indices that name it.
    ///
    /// Refused unless this is a matrix, `indices` are int64 and from 0 up to the number of rows, and so is
    /// `paddingIndex`, which may count from the end.
    public func embedding(
        _ indices: Tensor,
        paddingIndex: Int? = nil,
        scaleGradByFreq: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let target = Layout(nearest: indices.shape + [shape.last ?? 1])
        return Call("embedding", file, line).checked(standIn: target, dtype) { call throws(Refusal) in
            try call.require(
                rank == 2 && indices.rank < Layout.maximumRank,
                "a table of shape \(shape) with indices of shape \(indices.shape): a matrix is wanted, and at most "
                    + "\(Layout.maximumRank - 1) dimensions of indices"
            )
            let rows = extent(0)
            let padding = paddingIndex.map { $0 < 0 ? $0 + rows : $0 }
            if let padding {
                let isRow = (0..<rows).contains(padding)
                try call.require(isRow, "the padding index \(paddingIndex!) is none of the \(rows) rows")
            }
            try indices.requireIndices(call, extent: rows, allowsNegative: false)
            let target = try call.layout(indices.shape + [extent(1)])
            let flat = indices.flattened().contiguous(at: call.site)
            let selected =
                padding == nil && !scaleGradByFreq
                ? selecting(flat, axis: 0, at: call.site)
                : selecting(flat, exceptGradientOf: padding, scales: scaleGradByFreq, at: call.site)
            return indices.rank == 1 ? selected : selected.reshaped(to: target)
        }
    }

    /// The rows that the valid `indices` name. Row `padding` gets no gradient, and with `scales` others get theirs divided
    /// by the number of indices that name them.
    private func selecting(
        _ indices: Tensor,
        exceptGradientOf padding: Int?,
        scales: Bool,
        at site: CallSite?
    ) -> Tensor {
        .recorded(
            RecordedOperation(.embedding),
            detached().selecting(indices, axis: 0, at: site),
            from: [self],
            savingInputs: false,
            saving: [indices],
            attributes: OperationAttributes(start: padding ?? -1, number: scales ? 1 : 0)
        ) { gradient, step in
            let indices = step[1]
            let isPadding = (indices .== step.attributes.start).insertingAxis(1)
            var kept = `where`(isPadding, Tensor.scalar(0.0, beside: gradient), gradient)
            if step.attributes.number != 0 {
                let shares = indices.reciprocalFrequencies(of: step[0].extent(0), dtype: gradient.dtype)
                kept = kept * shares.insertingAxis(1)
            }
            step.give(0, kept.addedUp(indices, axis: 0, in: step[0].layout))
        }
    }

    /// For each of these valid indices, a vector, 1 over the number of times that it is among them.
    func reciprocalFrequencies(of rows: Int, dtype: DType) -> Tensor {
        let ones = Tensor.filled(layout.rowMajor, 1.0, dtype: dtype == .float64 ? .float64 : .float32, at: nil)
        let counts = ones.addedUp(self, axis: 0, in: Layout(rowMajor: [rows]))
        return counts.selecting(self, axis: 0).reciprocal().converted(to: dtype, at: nil)
    }
}
