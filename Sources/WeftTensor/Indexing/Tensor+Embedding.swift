import WeftRuntime

extension Tensor {
    /// The rows of this table, of shape [rows, features], that `indices` name, of shape [indices' shape…, features].
    ///
    /// The gradient adds up what each row gets in the order of the indices, so that it is the same however the work is
    /// spread.
    ///
    /// - Parameter paddingIndex: a row that gets no gradient; nil for none.
    ///
    /// Refused unless this is a matrix, `indices` are int64 and from 0 up to the number of rows, and so is
    /// `paddingIndex`, which may count from the end.
    public func embedding(
        _ indices: Tensor,
        paddingIndex: Int? = nil,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let site = CallSite(file, line)
        if isFailed || indices.isFailed { return .failed(like: self) }
        guard rank == 2, indices.rank + 1 <= Layout.maximumRank else {
            refuse(
                "embedding",
                "a table of shape \(shape) with indices of shape \(indices.shape): a matrix is wanted, and at most "
                    + "\(Layout.maximumRank - 1) dimensions of indices",
                at: site
            )
            return .failed(like: self)
        }
        let rows = layout.sizes[0]
        if let paddingIndex, !(-rows..<rows).contains(paddingIndex) {
            refuse("embedding", "the padding index \(paddingIndex) is none of the \(rows) rows", at: site)
            return .failed(like: self)
        }
        guard
            indices.indicesAreValid(
                extent: rows,
                operation: "embedding",
                what: "index",
                allowsNegative: false,
                at: site
            )
        else { return .failed(like: self) }
        let flat = indices.flattened().contiguous(at: site)
        let padding = paddingIndex.map { $0 < 0 ? $0 + rows : $0 }
        let selected =
            padding.map { selecting(flat, exceptGradientOf: $0, at: site) } ?? selecting(flat, axis: 0, at: site)
        guard indices.rank != 1, !selected.isFailed else { return selected }
        guard let target = Layout.checked(indices.shape + [layout.sizes[1]], operation: "embedding", at: site) else {
            return .failed(like: selected)
        }
        return selected.reshaped(to: target)
    }

    /// The rows that the valid `indices` name. Row `padding` gets no gradient.
    private func selecting(_ indices: Tensor, exceptGradientOf padding: Int, at site: CallSite) -> Tensor {
        var attributes = OperationAttributes()
        attributes.start = padding
        return .recorded(
            RecordedOperation(.embedding),
            detached().selecting(indices, axis: 0, at: site),
            from: [self],
            savingInputs: false,
            saving: [indices],
            attributes: attributes
        ) { gradient, step in
            let indices = step[1]
            let isPadding = (indices .== step.attributes.start).insertingAxis(1)
            let kept = `where`(isPadding, Tensor.scalar(0.0, beside: gradient), gradient)
            step.give(0, kept.addedUp(indices, axis: 0, in: step[0].layout))
        }
    }
}
