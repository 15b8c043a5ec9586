import WeftRuntime

/// Other ways to see the same elements. They share memory until one of the tensors is written.
extension Tensor {
    /// The same elements under other sizes, in row-major order. One size may be -1 and follows from the others.
    ///
    /// Refused unless the sizes hold as many elements. Copies only where the elements' spacing leaves no other
    /// way.
    public func reshaped(_ shape: [Int], file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let call = Call("reshaped", file, line)
        var sizes = shape
        if let unknown = sizes.firstIndex(of: -1) {
            let known = sizes.enumerated().reduce(1) { $1.offset == unknown ? $0 : $0 &* $1.element }
            if known > 0, count % known == 0 { sizes[unknown] = count / known }
        }
        return call.checked(standIn: Layout(nearest: sizes), dtype) { call throws(Refusal) in
            try call.require(
                !sizes.contains(-1),
                "\(self.shape) with its \(count) elements does not fit into \(sizes)"
            )
            let target = try call.layout(sizes)
            try call.require(
                target.count == count,
                "\(self.shape) has \(count) elements, but \(sizes) holds \(target.count)"
            )
            return reshaped(to: target)
        }
    }

    /// The same elements under the sizes of `target`, of which there are as many.
    func reshaped(to target: Layout) -> Tensor {
        if isFailed { return Tensor(standIn: target, dtype: dtype) }
        let viewed = layout.viewed(as: target)
        let elements = viewed.map { view($0) } ?? contiguous().view(target.rowMajor)
        return elements.recordedAsView(.reshape, of: self) { gradient, step in
            step.give(0, gradient.reshaped(to: step[0].layout.rowMajor))
        }
    }

    /// All elements in one dimension, row-major.
    public func flattened() -> Tensor { reshaped(to: Layout(rowMajor: [count])) }

    /// The dimensions `a` and `b` swapped. Negative axes count from the back.
    public func transposed(_ a: Int, _ b: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        Call("transposed", file, line).checked(standIn: layout, dtype) { call throws(Refusal) in
            swapped(try call.axis(a, of: self), try call.axis(b, of: self))
        }
    }

    /// The matrix transpose: the last two dimensions swapped; a tensor with fewer than two is itself.
    // swift-format-ignore: AlwaysUseLowerCamelCase
    // The name that mathematics and every tensor library give it.
    public var T: Tensor { rank < 2 ? self : swapped(rank - 2, rank - 1) }

    private func swapped(_ a: Int, _ b: Int) -> Tensor {
        guard a != b else { return self }
        let attributes = OperationAttributes(axis: a, start: b)
        return swappingView(a, b).recordedAsView(.transpose, of: self, attributes) { gradient, step in
            step.give(0, gradient.swapped(step.attributes.axis, step.attributes.start))
        }
    }

    /// The dimensions in another order: dimension `i` of the result is dimension `axes[i]` of this tensor.
    /// Refused unless `axes` names every dimension once.
    public func permuted(_ axes: [Int], file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        Call("permuted", file, line).checked(standIn: layout, dtype) { call throws(Refusal) in
            let positive = axes.map { $0 < 0 ? $0 + rank : $0 }
            try call.require(
                positive.sorted() == Array(0..<rank),
                "axes \(axes) do not name each dimension of shape \(shape) once"
            )
            return permutedUnchecked(positive)
        }
    }

    func permutedUnchecked(_ axes: [Int]) -> Tensor {
        var permuted = layout
        for (axis, source) in axes.enumerated() {
            permuted.setDimension(axis, size: layout.sizes[source], stride: layout.strides[source])
        }
        return view(permuted).recordedAsView(.permute, of: self) { gradient, step in
            var inverse = axes
            for (axis, source) in axes.enumerated() { inverse[source] = axis }
            step.give(0, gradient.permutedUnchecked(inverse))
        }
    }

    /// Without dimension `axis`, whose size must be 1.
    public func squeezed(axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let standIn = layout.reduced(over: layout.existing(.one(axis)), keepDims: false)
        return Call("squeezed", file, line).checked(standIn: standIn, dtype) { call throws(Refusal) in
            let axis = try call.axis(axis, of: self)
            guard rank > 0 else { return self }
            try call.require(extent(axis) == 1, "dimension \(axis) of shape \(shape) has size \(extent(axis)), not 1")
            return removingAxis(axis)
        }
    }

    /// With a new dimension of size 1 before dimension `axis`; a negative axis counts from behind the last.
    public func unsqueezed(axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        Call("unsqueezed", file, line).checked(standIn: Layout(nearest: shape + [1]), dtype) { call throws(Refusal) in
            insertingAxis(try call.place(axis, in: self))
        }
    }

    func insertingAxis(_ axis: Int) -> Tensor {
        var inserted = layout
        inserted.insert(size: 1, stride: 0, at: axis)
        return view(inserted).recordedAsView(.unsqueeze, of: self, OperationAttributes(axis: axis)) { gradient, step in
            step.give(0, gradient.removingAxis(step.attributes.axis))
        }
    }

    /// Without dimension `axis`, whose size is 1.
    func removingAxis(_ axis: Int) -> Tensor {
        var removed = layout
        removed.remove(axis)
        return view(removed).recordedAsView(.squeeze, of: self, OperationAttributes(axis: axis)) { gradient, step in
            step.give(0, gradient.insertingAxis(step.attributes.axis))
        }
    }

    /// Repeated along dimensions of size 1, and along new ones before the first, to fill `shape`, without a
    /// copy; -1 stands for the size that there is. Refused where a size other than 1 would have to change.
    public func expanded(to sizes: [Int], file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let shape = sizes.enumerated().map { place, size in
            let axis = place - sizes.count + rank
            return size == -1 && axis >= 0 ? extent(axis) : size
        }
        return Call("expanded", file, line).checked(standIn: Layout(nearest: shape), dtype) { call throws(Refusal) in
            let target = try call.layout(shape)
            try call.require(
                layout.expanded(to: target) != nil,
                "shape \(self.shape) does not broadcast to \(shape)"
            )
            return expanded(to: target)
        }
    }

    /// Repeated to fill the sizes of `target`, to which it broadcasts.
    func expanded(to target: Layout) -> Tensor {
        guard let expanded = layout.expanded(to: target) else {
            preconditionFailure("the shape was not checked against the target's")
        }
        // The backward step sums what it gives over the repeated dimensions.
        return view(expanded).recordedAsView(.expand, of: self) { gradient, step in step.give(0, gradient) }
    }

    /// `count` elements from `start` on along `axis`, all of which exist.
    func sliced(axis: Int, start: Int, count: Int) -> Tensor {
        let attributes = OperationAttributes(axis: axis, start: start)
        let part = view(layout.part(axis: axis, start: start, count: count))
        return part.recordedAsView(.slice, of: self, attributes) { gradient, step in
            let (axis, start) = (step.attributes.axis, step.attributes.start)
            if GradientMode.isEnabled {
                step.give(0, gradient.embedded(in: step[0].layout, axis: axis, start: start))
            } else {
                step.give(0) { gradient.addEmbedded(in: step[0].layout, axis: axis, start: start, to: &$0) }
            }
        }
    }

    /// Adds `embedded` to `sum`, or makes it the sum if there is none. Not recorded.
    ///
    /// Where many parts are taken of one tensor, as of a sequence, each then costs as much as itself, not as the whole.
    func addEmbedded(in whole: Layout, axis: Int, start: Int, to sum: inout Tensor?) {
        guard !isFailed, sum?.dtype == dtype, let add = KernelFamily.add[dtype] else {
            let gradient = embedded(in: whole, axis: axis, start: start)
            if sum == nil { sum = gradient } else { sum!.addGradient(gradient) }
            return
        }
        guard sum!.makeUnique() else { return }
        let part = sum!.view(sum!.layout.part(axis: axis, start: start, count: extent(axis)))
        Tensor.launchPointwise(add, into: part, part, self, nil, cost: PointwiseCost.arithmetic)
    }

    /// These elements from `start` on along `axis` of a tensor with the sizes of `whole`, and zeros elsewhere:
    /// the gradient of `sliced`.
    func embedded(in whole: Layout, axis: Int, start: Int) -> Tensor {
        if isFailed { return Tensor(standIn: whole, dtype: dtype) }
        let result = Tensor.filled(whole, 0.0, dtype: dtype, at: nil)
        if result.isFailed { return result }
        result.overwrite(result.layout.part(axis: axis, start: start, count: extent(axis)), with: self)
        let attributes = OperationAttributes(axis: axis, start: start)
        return result.recordedAsView(.sliceBackward, of: self, attributes) { gradient, step in
            let axis = step.attributes.axis
            step.give(0, gradient.sliced(axis: axis, start: step.attributes.start, count: step[0].extent(axis)))
        }
    }

    // In line, so that an unrecorded view pays for no more than the question.
    @inline(__always)
    func recordedAsView(
        _ name: RecordedOperation.Name,
        of input: Tensor,
        _ attributes: OperationAttributes = OperationAttributes(),
        rule: @escaping DerivativeRule
    ) -> Tensor {
        guard input.recordsGradient, !isFailed else { return self }
        return .recorded(RecordedOperation(name), self, from: input, attributes: attributes, rule: rule)
    }
}

extension Layout {
    /// The part of `count` elements from `start` on along `axis`.
    func part(axis: Int, start: Int, count: Int) -> Layout {
        var part = self
        part.offset += start * strides[axis]
        part.setDimension(axis, size: count, stride: strides[axis])
        return part
    }

    /// Each `step`-th element along `axis` from `start` to before `end`.
    func part(axis: Int, start: Int, end: Int, step: Int) -> Layout {
        let length = end - start
        var part = part(axis: axis, start: start, count: length / step + (length % step == 0 ? 0 : 1))
        // A step behind the only element may be too large to multiply.
        let stride = part.sizes[axis] > 1 ? strides[axis] * step : strides[axis]
        part.setDimension(axis, size: part.sizes[axis], stride: stride)
        return part
    }
}
