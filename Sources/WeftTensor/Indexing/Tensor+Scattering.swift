import WeftRuntime

extension KernelFamily {
    fileprivate static let scatter = KernelFamily("scatter")
}

/// Writing and adding at places that an index names. Sums have the order of the index, so that they are the same
/// however the work is spread. Those of 16-bit elements are float32 until they are complete, and rounded once.
extension Tensor {
    /// This tensor with the slices of `source` added to those along `axis` that `indices` name, one after the other.
    /// Negative indices count from the end. Integers wrap around, and the sum of truth values is whether one is true. A
    /// scalar counts as a vector.
    ///
    /// Refused unless this tensor and `source` have one dtype, `indices` are an int64 vector in range, and `source` has
    /// this tensor's sizes but along `axis`, where it has one slice for each index.
    public func indexAdd(
        axis: Int,
        _ indices: Tensor,
        _ source: Tensor,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        Call("indexAdd", file, line).checked(standIn: layout, dtype) { call throws(Refusal) in
            let axis = try call.axis(axis, of: self)
            if rank == 0 {
                let list = source.rank == 0 ? source.atLeast1D() : source
                return atLeast1D().indexAdd(axis: 0, indices, list, file: file, line: line).reshaped(to: Layout())
            }
            var wanted = layout
            wanted.setDimension(axis, size: indices.count, stride: 0)
            try call.require(
                indices.rank == 1 && source.dtype == dtype
                    && source.layout.hasSameShape(as: wanted),
                "a \(source.dtype) source of shape \(source.shape) with indices of shape \(indices.shape) does not fit "
                    + "\(dtype) of shape \(shape): one slice along axis \(axis) for each index is wanted"
            )
            try indices.requireIndices(call, extent: extent(axis))
            let flat = indices.contiguous(at: call.site)
            let sums = startOfSums(at: call.site)
            guard source.addable.launchIndexAdd(into: sums, flat, axis: axis) else { throw Refusal() }
            return .recorded(
                RecordedOperation(.indexAdd, dtype),
                sums.converted(to: dtype, at: call.site),
                from: [self, source],
                savingInputs: false,
                saving: [flat],
                attributes: OperationAttributes(axis: axis)
            ) { gradient, step in
                step.give(0, gradient)
                step.give(1, gradient.selecting(step[2], axis: step.attributes.axis))
            }
        }
    }

    /// This tensor with every element of `index`'s shape of `source` added at the same place, but for `axis`, where
    /// that is `index`'s value: the reverse of `gather`. Negative indices count from the end.
    ///
    /// Integers wrap around, and the sum of truth values is whether one is true.
    ///
    /// Refused unless this tensor and `source` have one dtype, `index` is int64 and in range, all have as many
    /// dimensions, and `index` is no larger than `source` and, but along `axis`, than this tensor.
    public func scatterAdd(
        axis: Int,
        _ index: Tensor,
        _ source: Tensor,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let call = Call("scatterAdd", file, line)
        return scattering(.scatterAdd, adds: true, axis, index, source, call) { gradient, step in
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
        scattering(.scatter, adds: false, axis, index, source, Call("scatter", file, line)) { gradient, step in
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
        _ call: Call,
        rule: @escaping DerivativeRule
    ) -> Tensor {
        call.checked(standIn: layout, dtype) { call throws(Refusal) in
            let index = index.asIndices
            let (axis, used) = try scattered(axis, index, source, call)
            let written = adds ? startOfSums(at: call.site) : Tensor.copy(of: self, at: call.site)
            guard (adds ? used.addable : used).launchScatter(family, into: written, index, axis: axis) else {
                throw Refusal()
            }
            return .recorded(
                RecordedOperation(family, adds && dtype.isNarrow ? .int64 : dtype),
                written.converted(to: dtype, at: call.site),
                from: [self, used],
                savingInputs: false,
                saving: [index],
                attributes: OperationAttributes(axis: axis),
                rule: rule
            )
        }
    }

    /// Refuses `call` unless `source` can be scattered to where `index` names it along `axis`; gives the axis counted
    /// from the front, and of a source that is larger than the index so much as is used.
    func scattered(
        _ axis: Int,
        _ index: Tensor,
        _ source: Tensor,
        _ call: Call
    ) throws(Refusal) -> (axis: Int, used: Tensor) {
        let axis = try call.axis(axis, of: self)
        let fits = index.rank == rank && source.rank == rank && source.dtype == dtype
        try call.require(
            fits
                && (0..<rank).allSatisfy {
                    index.extent($0) <= source.extent($0) && ($0 == axis || index.extent($0) <= extent($0))
                },
            "an index of shape \(index.shape) and a \(source.dtype) source of shape \(source.shape) do not fit \(dtype) "
                + "of shape \(shape): as many dimensions are wanted, and an index no larger than the source nor, but "
                + "along axis \(axis), than the tensor"
        )
        try index.requireIndices(call, extent: rank == 0 ? 1 : extent(axis))
        var used = source
        for axis in 0..<rank where index.extent(axis) < source.extent(axis) {
            used = used.sliced(axis: axis, start: 0, count: index.extent(axis))
        }
        return (axis, used)
    }

    /// These elements as the kernels add them up: truth values as int64.
    private var addable: Tensor { dtype.isNarrow ? converted(to: .int64, at: nil) : self }
}
