import WeftRuntime

extension KernelFamily {
    fileprivate static let scatter = KernelFamily("scatter")
}

/// Writing and adding at places that an index names. Sums have the order of the index, so that they are the same
/// however the work is spread. Those of 16-bit elements are float32 until they are complete, and rounded once.
extension Tensor {
    /// This tensor with the slices of `source` added to those along `axis` that `indices` name, one after the other.
    /// Negative indices count from the end.
    ///
    /// Refused unless this tensor and `source` have one floating-point dtype, `indices` are an int64 vector in range, and
    /// `source` has this tensor's sizes but along `axis`, where it has one slice for each index.
    public func indexAdd(
        axis: Int,
        _ indices: Tensor,
        _ source: Tensor,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let site = CallSite(file, line)
        if let failed = [self, indices, source].first(where: \.isFailed) {
            return Tensor(standIn: layout, dtype: failed.dtype)
        }
        guard rank > 0, let axis = layout.checkedAxis(axis, operation: "indexAdd", at: site) else {
            if rank == 0 { refuse("indexAdd", "a scalar has no slices", at: site) }
            return .failed(like: self)
        }
        var wanted = layout
        wanted.setDimension(axis, size: indices.count, stride: 0)
        guard indices.rank == 1, dtype.isFloatingPoint, source.dtype == dtype, source.layout.hasSameShape(as: wanted)
        else {
            refuse(
                "indexAdd",
                "a \(source.dtype) source of shape \(source.shape) with indices of shape \(indices.shape) does not fit "
                    + "\(dtype) of shape \(shape): floating point and one slice along axis \(axis) for each index are wanted",
                at: site
            )
            return .failed(like: self)
        }
        guard
            indices.indicesAreValid(
                extent: layout.sizes[axis],
                operation: "indexAdd",
                what: "index",
                allowsNegative: true,
                at: site
            )
        else { return .failed(like: self) }
        let flat = indices.contiguous(at: site)
        let sums = startOfSums(at: site)
        guard source.launchIndexAdd(into: sums, flat, axis: axis) else { return .failed(like: self) }
        let result = sums.converted(to: dtype, at: site)
        var attributes = OperationAttributes()
        attributes.axis = axis
        return .recorded(
            RecordedOperation(.indexAdd, dtype),
            result,
            from: [self, source],
            savingInputs: false,
            saving: [flat],
            attributes: attributes
        ) { gradient, step in
            step.give(0, gradient)
            step.give(1, gradient.selecting(step[2], axis: step.attributes.axis))
        }
    }

    /// This tensor with every element of `index`'s shape of `source` added at the same place, but for `axis`, where
    /// that is `index`'s value: the reverse of `gather`. Negative indices count from the end.
    ///
    /// Refused unless this tensor and `source` have one floating-point dtype, `index` is int64 and in range, all have as
    /// many dimensions, and `index` is no larger than `source` and, but along `axis`, than this tensor.
    public func scatterAdd(
        axis: Int,
        _ index: Tensor,
        _ source: Tensor,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let site = CallSite(file, line)
        guard dtype.isFloatingPoint || isFailed else {
            refuse("scatterAdd", "floating point is wanted, not \(dtype)", at: site)
            return .failed(like: self)
        }
        return scattering(.scatterAdd, adds: true, axis, index, source, operation: "scatterAdd", at: site) {
            gradient,
            step in
            step.give(0, gradient)
            step.give(1, gradient.gathered(axis: step.attributes.axis, step[2]))
        }
    }

    /// This tensor with every element of `index`'s shape of `source` written at the same place, but for `axis`, where
    /// that is `index`'s value. Of elements with the same place the last along `axis` stays; the gradient goes to all
    /// of them. Negative indices count from the end.
    ///
    /// Refused unless `source` has this tensor's dtype, `index` is int64 and in range, all have as many dimensions, and
    /// `index` is no larger than `source` and, but along `axis`, than this tensor.
    public func scatter(
        axis: Int,
        _ index: Tensor,
        _ source: Tensor,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let site = CallSite(file, line)
        return scattering(.scatter, adds: false, axis, index, source, operation: "scatter", at: site) {
            gradient,
            step in
            let (index, axis) = (step[2], step.attributes.axis)
            let nothing = Tensor.filled(index.layout, 0.0, dtype: gradient.dtype, at: nil)
            step.give(0, gradient.scatter(axis: axis, index, nothing))
            step.give(1, gradient.gathered(axis: axis, index))
        }
    }

    private func scattering(
        _ family: KernelFamily,
        adds: Bool,
        _ axis: Int,
        _ index: Tensor,
        _ source: Tensor,
        operation: StaticString,
        at site: CallSite,
        rule: @escaping DerivativeRule
    ) -> Tensor {
        if isFailed || index.isFailed || source.isFailed { return Tensor(standIn: layout, dtype: dtype) }
        guard let axis = layout.checkedAxis(axis, operation: operation, at: site) else { return .failed(like: self) }
        let sizes = (own: layout.sizes, index: index.layout.sizes, source: source.layout.sizes)
        guard index.rank == rank, source.rank == rank, source.dtype == dtype,
            (0..<rank).allSatisfy({
                sizes.index[$0] <= sizes.source[$0] && ($0 == axis || sizes.index[$0] <= sizes.own[$0])
            })
        else {
            refuse(
                operation,
                "an index of shape \(index.shape) and a \(source.dtype) source of shape \(source.shape) do not fit "
                    + "\(dtype) of shape \(shape): as many dimensions are wanted, and an index no larger than the source "
                    + "nor, but along axis \(axis), than the tensor",
                at: site
            )
            return .failed(like: self)
        }
        guard
            index.indicesAreValid(
                extent: rank == 0 ? 1 : layout.sizes[axis],
                operation: operation,
                what: "index",
                allowsNegative: true,
                at: site
            )
        else { return .failed(like: self) }
        // Of a source that is larger than the index, only so much is used.
        var used = source
        for axis in 0..<rank where sizes.index[axis] < sizes.source[axis] {
            used = used.sliced(axis: axis, start: 0, count: sizes.index[axis])
        }
        let written = adds ? startOfSums(at: site) : Tensor.copy(of: self, at: site)
        guard used.launchScatter(family, into: written, index, axis: axis) else {
            return .failed(like: self)
        }
        let result = written.converted(to: dtype, at: site)
        var attributes = OperationAttributes()
        attributes.axis = axis
        return .recorded(
            RecordedOperation(family, dtype),
            result,
            from: [self, used],
            savingInputs: false,
            saving: [index],
            attributes: attributes,
            rule: rule
        )
    }
}
