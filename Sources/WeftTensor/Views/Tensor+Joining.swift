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
    let site = CallSite(file, line)
    if let failed = tensors.first(where: \.isFailed) { return .failed(like: failed) }
    guard let pattern = tensors.first(where: { $0.shape != [0] }) ?? tensors.first else {
        refuse("concatenated", "there are no tensors to join", at: site)
        return Tensor(standIn: Layout(), dtype: .float32)
    }
    guard pattern.rank > 0, let axis = pattern.layout.checkedAxis(axis, operation: "concatenated", at: site) else {
        if pattern.rank == 0 { refuse("concatenated", "scalars have no axis to be joined along", at: site) }
        return .failed(like: pattern)
    }
    let fitting = tensors.filter { $0.shape != [0] || pattern.rank == 1 }
    for tensor in fitting {
        guard tensor.rank == pattern.rank,
            (0..<pattern.rank).allSatisfy({ $0 == axis || tensor.layout.sizes[$0] == pattern.layout.sizes[$0] })
        else {
            refuse(
                "concatenated",
                "shapes \(describe(pattern.layout)) and \(describe(tensor.layout)) differ in more than axis \(axis)",
                at: site
            )
            return .failed(like: pattern)
        }
    }
    let dtype = tensors.dropFirst().reduce(tensors[0].dtype) { DType.promoted($0, $1.dtype) }
    return .joined(fitting.map { $0.to(dtype) }, axis: axis, dtype: dtype, at: site)
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
    let site = CallSite(file, line)
    if let failed = tensors.first(where: \.isFailed) { return .failed(like: failed) }
    guard let first = tensors.first else {
        refuse("stacked", "there are no tensors to join", at: site)
        return Tensor(standIn: Layout(), dtype: .float32)
    }
    if let other = tensors.first(where: { !$0.layout.hasSameShape(as: first.layout) }) {
        refuse("stacked", "shapes \(describe(first.layout)) and \(describe(other.layout)) differ", at: site)
        return .failed(like: first)
    }
    let positive = axis < 0 ? axis + first.rank + 1 : axis
    guard (0...first.rank).contains(positive) else {
        refuse(
            "stacked",
            "axis \(axis) is out of range for shape \(describe(first.layout)): \(-first.rank - 1) ... \(first.rank) "
                + "are valid",
            at: site
        )
        return .failed(like: first)
    }
    let rows = tensors.map { $0.unsqueezed(axis: positive, file: file, line: line) }
    return concatenated(rows, axis: positive, file: file, line: line)
}

extension Tensor {
    /// `tensors`, which fit together, one after the other along `axis`, recorded.
    fileprivate static func joined(_ tensors: [Tensor], axis: Int, dtype: DType, at site: CallSite) -> Tensor {
        var layout = tensors[0].layout
        var (total, overflows) = (0, false)
        for tensor in tensors {
            let (sum, overflow) = total.addingReportingOverflow(tensor.layout.sizes[axis])
            (total, overflows) = (sum, overflows || overflow)
        }
        guard !overflows else {
            refuse("concatenated", "the sizes along axis \(axis) are too large together", at: site)
            return .failed(like: tensors[0])
        }
        layout.setDimension(axis, size: total, stride: 0)
        let result = uninitialized(like: layout, dtype: dtype, operation: "concatenated", at: site)
        guard !result.isFailed else { return result }
        var start = 0
        for tensor in tensors where tensor.layout.sizes[axis] > 0 {
            var region = result.layout
            region.offset += start * region.strides[axis]
            region.setDimension(axis, size: tensor.layout.sizes[axis], stride: region.strides[axis])
            result.overwrite(region, with: tensor)
            start += tensor.layout.sizes[axis]
        }
        var attributes = OperationAttributes()
        attributes.axis = axis
        attributes.start = tensors.count
        let inputs = tensors.map(\.withoutValues)
        return .recorded("concatenate", result, from: inputs, attributes: attributes) { gradient, step in
            let axis = step.attributes.axis
            var start = 0
            for index in 0..<step.attributes.start {
                let count = step[index].layout.sizes[axis]
                step.give(index, gradient.sliced(axis: axis, start: start, count: count))
                start += count
            }
        }
    }
}
