import WeftRuntime

/// Picks some of the elements of a layout, none of them twice, by strides.
typealias PartOfLayout = @Sendable (Layout) -> Layout

/// What the views that pick some elements have in common: reading the part, and zeros or another tensor around it.
extension Tensor {
    /// The elements that `region` picks, in place, recorded as `name`.
    func part(as name: RecordedOperation.Name = .part, _ region: @escaping PartOfLayout) -> Tensor {
        let picked = region(layout)
        if isFailed { return Tensor(standIn: picked.rowMajor, dtype: dtype) }
        return view(picked).recordedAsView(name, of: self) { gradient, step in
            step.give(0, gradient.placed(region, in: step[0].layout))
        }
    }

    /// These elements where `region` picks them of a tensor with the sizes of `whole`, and zeros elsewhere.
    func placed(_ region: @escaping PartOfLayout, in whole: Layout) -> Tensor {
        if isFailed { return Tensor(standIn: whole.rowMajor, dtype: dtype) }
        let result = Tensor.filled(whole.rowMajor, 0.0, dtype: dtype, at: nil)
        if result.isFailed { return result }
        result.overwrite(region(result.layout), with: self)
        return result.recordedAsView(.partBackward, of: self) { gradient, step in
            step.give(0, gradient.part(region))
        }
    }

    /// This tensor with `source`, which has the part's shape, in place of the elements that `region` picks, recorded.
    func replaced(_ region: @escaping PartOfLayout, with source: Tensor) -> Tensor {
        let result = Tensor.copy(of: self, at: nil)
        if result.isFailed || source.isFailed { return .failed(like: self) }
        result.overwrite(region(result.layout), with: source.converted(to: dtype, at: nil))
        return .recorded(RecordedOperation(.part), result, from: self, source) { gradient, step in
            let zero = Tensor.scalar(0.0, beside: gradient)
            step.give(0, gradient.replaced(region, with: zero.expanded(to: region(gradient.layout).rowMajor)))
            step.give(1, gradient.part(region))
        }
    }

    /// Refuses `call` unless `source` can replace the part of this tensor that `region` picks.
    func requireFit(_ source: Tensor, _ region: PartOfLayout, _ call: Call) throws(Refusal) {
        let part = region(layout)
        try call.require(
            source.layout.hasSameShape(as: part),
            "a source of shape \(source.shape) does not fit the part of shape \(describe(part)) of \(shape)"
        )
    }

    /// Each `step`-th element along `axis` from `start` to before `end`.
    func stepped(axis: Int, start: Int, end: Int, step: Int) -> Tensor {
        part { $0.part(axis: axis, start: start, end: end, step: step) }
    }
}

extension Call {
    /// What `body` returns, or, if it refused something, as many tensors that stand for results of `layout`.
    func checkedList(
        standIns count: Int,
        of layout: @autoclosure () -> Layout,
        _ dtype: @autoclosure () -> DType,
        _ body: (Call) throws(Refusal) -> [Tensor]
    ) -> [Tensor] {
        do throws(Refusal) {
            return try body(self)
        } catch {
            let standIn = Tensor(standIn: layout().rowMajor, dtype: dtype())
            return Array(repeating: standIn, count: Swift.min(Swift.max(count, 0), 1024))
        }
    }
}
