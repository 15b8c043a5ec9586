import WeftRuntime

/// The elements of `tensors` one after the other along `axis`, in a tensor of their common dtype.
///
/// Refused without any tensor, for scalars, and unless the tensors have as many dimensions, of the same sizes but for
/// `axis`. Vectors without elements fit anywhere, as in PyTorch.
public func concatenated(
    _ tensors: [Tensor],
    axis: Int = 0,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    let pattern = tensors.first { $0.shape != [0] } ?? tensors.first
    let dtype = commonDType(tensors)
    return Call("concatenated", file, line).checked(
        standIn: nearestLayout(tensors, like: pattern, axis: axis),
        dtype
    ) { call throws(Refusal) in
        guard let pattern else { throw call.refusal("there are no tensors to join") }
        try call.require(pattern.rank > 0, "scalars have no axis to be joined along")
        let axis = try call.axis(axis, of: pattern)
        let fitting = tensors.filter { $0.shape != [0] || pattern.rank == 1 }
        for tensor in fitting {
            try call.require(
                tensor.rank == pattern.rank
                    && (0..<pattern.rank).allSatisfy { $0 == axis || tensor.extent($0) == pattern.extent($0) },
                "shapes \(pattern.shape) and \(tensor.shape) differ in more than axis \(axis)"
            )
        }
        return try .joined(fitting.map { $0.to(dtype) }, axis: axis, dtype: dtype, call)
    }
}

/// `tensors`, all of one shape, side by side along a new dimension before dimension `axis`; a negative axis counts from
/// behind the last.
///
/// Refused without any tensor, and for shapes that differ.
public func stacked(
    _ tensors: [Tensor],
    axis: Int = 0,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    let dtype = commonDType(tensors)
    return Call("stacked", file, line).checked(
        standIn: Layout(nearest: [tensors.count] + (tensors.first?.shape ?? [])),
        dtype
    ) { call throws(Refusal) in
        guard let first = tensors.first else { throw call.refusal("there are no tensors to join") }
        if let other = tensors.first(where: { !$0.hasSameShape(as: first) }) {
            throw call.refusal("shapes \(first.shape) and \(other.shape) differ")
        }
        let axis = try call.place(axis, in: first)
        return try .joined(tensors.map { $0.to(dtype).insertingAxis(axis) }, axis: axis, dtype: dtype, call)
    }
}

/// The sizes of `tensors` joined along `axis`, or the nearest to it where they do not fit together.
private func nearestLayout(_ tensors: [Tensor], like pattern: Tensor?, axis: Int) -> Layout {
    guard let pattern else { return Layout(nearest: [0]) }
    let axis = axis < 0 ? axis + pattern.rank : axis
    var sizes = pattern.shape
    guard sizes.indices.contains(axis) else { return pattern.layout.rowMajor }
    sizes[axis] = tensors.reduce(0) { $0 &+ ($1.rank == pattern.rank ? $1.extent(axis) : 0) }
    return Layout(nearest: sizes)
}

private func commonDType(_ tensors: [Tensor]) -> DType {
    guard let first = tensors.first else { return .float32 }
    return tensors.dropFirst().reduce(first.dtype) { DType.promoted($0, $1.dtype) }
}

extension Tensor {
    /// `tensors`, which fit together, one after the other along `axis`, recorded.
    fileprivate static func joined(
        _ tensors: [Tensor],
        axis: Int,
        dtype: DType,
        _ call: Call
    ) throws(Refusal) -> Tensor {
        var sizes = tensors[0].shape
        sizes[axis] = tensors.reduce(0) { total, tensor in
            let (sum, overflow) = total.addingReportingOverflow(tensor.extent(axis))
            return overflow ? .max : sum
        }
        let result = uninitialized(
            like: try call.layout(sizes),
            dtype: dtype,
            operation: call.operation,
            at: call.site
        )
        guard !result.isFailed else { return result }
        var start = 0
        for tensor in tensors where tensor.extent(axis) > 0 {
            result.overwrite(result.layout.part(axis: axis, start: start, count: tensor.extent(axis)), with: tensor)
            start += tensor.extent(axis)
        }
        return .recorded(
            RecordedOperation(.concatenate),
            result,
            from: tensors,
            savingInputs: false,
            attributes: OperationAttributes(axis: axis, start: tensors.count)
        ) { gradient, step in
            let axis = step.attributes.axis
            var start = 0
            for index in 0..<step.attributes.start {
                let count = step[index].extent(axis)
                step.give(index, gradient.sliced(axis: axis, start: start, count: count))
                start += count
            }
        }
    }
}
