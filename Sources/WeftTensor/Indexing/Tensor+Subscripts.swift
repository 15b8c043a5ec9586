import WeftRuntime

/// One step of indexing, along one dimension or more.
public enum IndexStep: Sendable {
    /// One element, counted from the end if negative; the dimension disappears.
    case element(Int)
    /// The elements from `start` (by default the first) up to, but not including, `end` (by default past the
    /// last); negative bounds count from the end.
    case range(start: Int?, end: Int?)
    /// A new dimension of size 1.
    case insertion
    /// As many whole dimensions as it takes for the rest to reach the last one.
    case remainder
    /// No step at all: what stands for indices that were not written.
    case nothing
}

/// What can stand in a tensor's subscript: integers, ranges, `.newAxis`, `.ellipsis`.
public protocol TensorIndex {
    var indexStep: IndexStep { get }
}

extension Int: TensorIndex {
    public var indexStep: IndexStep { .element(self) }
}

extension Range: TensorIndex where Bound == Int {
    public var indexStep: IndexStep { .range(start: lowerBound, end: upperBound) }
}

/// The bound behind `last`: none if that is the last element, at -1. The largest number has no successor, and is out
/// of range all the same.
private func end(through last: Int) -> Int? {
    last == -1 ? nil : last == .max ? .max : last + 1
}

extension ClosedRange: TensorIndex where Bound == Int {
    public var indexStep: IndexStep { .range(start: lowerBound, end: end(through: upperBound)) }
}

extension PartialRangeFrom: TensorIndex where Bound == Int {
    public var indexStep: IndexStep { .range(start: lowerBound, end: nil) }
}

extension PartialRangeUpTo: TensorIndex where Bound == Int {
    public var indexStep: IndexStep { .range(start: nil, end: upperBound) }
}

extension PartialRangeThrough: TensorIndex where Bound == Int {
    public var indexStep: IndexStep { .range(start: nil, end: end(through: upperBound)) }
}

extension IndexStep: TensorIndex {
    public var indexStep: IndexStep { self }
}

extension TensorIndex where Self == IndexStep {
    /// A new dimension of size 1.
    public static var newAxis: IndexStep { .insertion }
    /// As many whole dimensions as it takes for the rest to reach the last one.
    public static var ellipsis: IndexStep { .remainder }

    /// No step at all: what stands for indices that were not written.
    public static var absent: IndexStep { .nothing }
}

extension Tensor {
    /// The part of the tensor that `indices` name, one for each dimension from the first:
    ///
    /// ```swift
    /// t[0]              // the first row
    /// t[1..<3, -1]      // the last column of two rows
    /// t[.ellipsis, 0]   // the first element along the last dimension
    /// t[.newAxis]       // with a new first dimension
    /// ```
    ///
    /// Dimensions that no index names are taken whole. The result shares memory until one of the two is
    /// written. Assigning broadcasts the new value to the part and converts it to this tensor's dtype.
    ///
    /// Refused for more indices than dimensions and for indices out of range.
    public subscript<
        A: TensorIndex,
        B: TensorIndex,
        C: TensorIndex,
        D: TensorIndex,
        E: TensorIndex,
        F: TensorIndex,
        G: TensorIndex,
        H: TensorIndex
    >(
        _ a: A, _ b: B = .absent, _ c: C = .absent, _ d: D = .absent,
        _ e: E = .absent, _ f: F = .absent, _ g: G = .absent, _ h: H = .absent,
        file file: StaticString = #fileID, line line: UInt = #line
    ) -> Tensor {
        get {
            part(
                [
                    a.indexStep, b.indexStep, c.indexStep, d.indexStep,
                    e.indexStep, f.indexStep, g.indexStep, h.indexStep,
                ],
                at: CallSite(file, line)
            )
        }
        set {
            assign(
                newValue,
                to: [
                    a.indexStep, b.indexStep, c.indexStep, d.indexStep,
                    e.indexStep, f.indexStep, g.indexStep, h.indexStep,
                ],
                at: CallSite(file, line)
            )
        }
    }

    private func part(_ steps: [IndexStep], at site: CallSite) -> Tensor {
        if isFailed { return self }
        guard let steps = resolved(steps, at: site) else { return .failed(like: self) }
        guard recordsGradient else { return steps.isEmpty ? self : view(layout.part(steps)) }
        var result = self
        var axis = 0
        for step in steps {
            switch step {
            case .element(let index):
                result = result.sliced(axis: axis, start: index, count: 1).removingAxis(axis)
            case .range(let start?, let end?):
                if start != 0 || end != result.layout.sizes[axis] {
                    result = result.sliced(axis: axis, start: start, count: end - start)
                }
                axis += 1
            case .insertion:
                result = result.insertingAxis(axis)
                axis += 1
            case .range, .remainder, .nothing: preconditionFailure("bounds and ellipses were resolved")
            }
        }
        return result
    }

    private mutating func assign(_ value: Tensor, to steps: [IndexStep], at site: CallSite) {
        guard isWritable(operation: "subscript", at: site) else { return }
        guard let resolved = resolved(steps, at: site) else { return }
        if isFailed || value.isFailed { return }
        let target = layout.part(resolved)
        guard value.layout.expanded(to: target) != nil else {
            return refuse(
                "subscript",
                "shape \(value.shape) does not broadcast to the part's shape \(describe(target)) of \(shape)",
                at: site
            )
        }
        let converted = value.converted(to: dtype, at: site)
        if converted.isFailed { return }
        guard recordsGradient || converted.recordsGradient else {
            if makeUnique(at: site) { overwrite(layout.part(resolved), with: converted) }
            return
        }
        var result = detached()
        guard result.makeUnique(at: site) else { return }
        result.overwrite(result.layout.part(resolved), with: converted)
        self = .recorded(RecordedOperation(.subscript), result, from: self, converted) { gradient, step in
            var kept = gradient
            kept.assign(Tensor.scalar(0.0, beside: gradient), to: resolved, at: site)
            step.give(0, kept)
            step.give(1, gradient.part(resolved, at: site))
        }
    }

    /// `steps` with an ellipsis replaced by whole ranges, and indices and bounds counted from the front; nil,
    /// after refusing, if they do not fit this tensor.
    private func resolved(_ steps: [IndexStep], at site: CallSite) -> [IndexStep]? {
        let named = steps.reduce(0) { count, step in
            switch step {
            case .element, .range: count + 1
            case .insertion, .remainder, .nothing: count
            }
        }
        let ellipses = steps.count { if case .remainder = $0 { true } else { false } }
        let added = steps.count { if case .insertion = $0 { true } else { false } }
        guard named <= rank, ellipses <= 1, rank + added <= Layout.maximumRank else {
            var problem = "there would be more than \(Layout.maximumRank) dimensions"
            if ellipses > 1 { problem = "only one ellipsis is possible" }
            if named > rank { problem = "\(named) indices are more than the dimensions" }
            refuse("subscript", "\(problem) of shape \(shape)", at: site)
            return nil
        }
        var result: [IndexStep] = []
        var axis = 0
        for step in steps {
            switch step {
            case .nothing: continue
            case .insertion: result.append(.insertion)
            case .remainder:
                for _ in 0..<(rank - named) {
                    result.append(.range(start: 0, end: layout.sizes[axis]))
                    axis += 1
                }
            case .element(let index):
                let size = layout.sizes[axis]
                guard index >= -size, index < size else {
                    let valid = size == 0 ? "which is empty" : "where \(-size) ... \(size - 1) are valid"
                    refuse(
                        "subscript",
                        "index \(index) is out of range for dimension \(axis) of shape \(shape), \(valid)",
                        at: site
                    )
                    return nil
                }
                result.append(.element(index < 0 ? index + size : index))
                axis += 1
            case .range(let first, let last):
                let size = layout.sizes[axis]
                let start = first.map { $0 < 0 ? $0 + size : $0 } ?? 0
                let end = last.map { $0 < 0 ? $0 + size : $0 } ?? size
                guard start >= 0, start <= end, end <= size else {
                    let range = "\(first.map { "\($0)" } ?? "")..<\(last.map { "\($0)" } ?? "")"
                    refuse(
                        "subscript",
                        "range \(range) is out of bounds for dimension \(axis) of shape \(shape)",
                        at: site
                    )
                    return nil
                }
                result.append(.range(start: start, end: end))
                axis += 1
            }
        }
        return result
    }
}

extension Layout {
    /// The part that `steps` name, whose bounds and ellipses are resolved.
    fileprivate func part(_ steps: [IndexStep]) -> Layout {
        var result = self
        var axis = 0
        for step in steps {
            switch step {
            case .element(let index):
                result.offset += index * result.strides[axis]
                result.remove(axis)
            case .range(let start?, let end?):
                result.offset += start * result.strides[axis]
                result.setDimension(axis, size: end - start, stride: result.strides[axis])
                axis += 1
            case .insertion:
                result.insert(size: 1, stride: 0, at: axis)
                axis += 1
            case .range, .remainder, .nothing: preconditionFailure("bounds and ellipses were resolved")
            }
        }
        return result
    }
}
