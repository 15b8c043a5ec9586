import WeftRuntime

extension KernelFamily {
    fileprivate static let product = KernelFamily("product")
    fileprivate static let cumulativeProduct = KernelFamily("cumulative_product")
}

/// Products of elements. Float32 and float64 are multiplied in their own precision where all is multiplied, in double
/// where products are cumulative; 16-bit elements as float32, integers and truth values as int64.
extension Tensor {
    /// The products along `axes`, all of them if none are named, which disappear from the shape or stay with size 1 if
    /// `keepDims`; 1 of no elements. Gradients are right where elements are 0 too.
    public func product(
        axes: [Int]? = nil,
        keepDims: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        product(over: Axes(axes), keepDims, Call("product", file, line))
    }

    /// The products along `axis`.
    public func product(axis: Int, keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        product(over: .one(axis), keepDims, Call("product", file, line))
    }

    /// At each place along `axis` the product of the elements up to there, itself included; of the same shape.
    /// Gradients are right where elements are 0 too, at the cost of a product for each element of a row.
    public func cumulativeProduct(axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let call = Call("cumulativeProduct", file, line)
        let input = dtype.isNarrow ? converted(to: .int64, at: call.site) : widened
        return call.checked(standIn: layout.rowMajor, dtype.isNarrow ? .int64 : dtype) { call throws(Refusal) in
            let axis = try call.axis(axis, of: self)
            let handle = try call.kernel(.cumulativeProduct, for: input.dtype)
            let result = input.multipliedUp(handle, axis: axis, call)
            return dtype.isNarrow ? result : result.to(dtype)
        }
    }

    private func product(over axes: Axes, _ keepDims: Bool, _ call: Call) -> Tensor {
        let input = dtype.isNarrow ? converted(to: .int64, at: call.site) : widened
        let resultDType = dtype.isNarrow ? .int64 : dtype
        return reduced(over: axes, keepDims, resultDType, call) { axes throws(Refusal) in
            let product = input.reduced(.product, over: axes, keepDims: keepDims, combining: .product, at: call.site)
            let recorded = Tensor.recorded(
                RecordedOperation(.product, input.dtype),
                product,
                from: input,
                savingInput: true,
                attributes: OperationAttributes(axes: axes)
            ) { gradient, step in
                let (x, axes) = (step[0], step.attributes.axes)
                let kept = x.layout.reduced(over: axes, keepDims: true)
                step.give(0, gradient.reshaped(to: kept) * x.productsOfOthers(over: axes))
            }
            return dtype.isNarrow ? recorded : recorded.to(dtype)
        }
    }

    /// For each element the product of the others along `axes`: of those before it and of those behind it.
    private func productsOfOthers(over axes: AxisSet) -> Tensor {
        let named = (0..<rank).filter { axes.contains($0) }
        let others = (0..<rank).filter { !axes.contains($0) }
        if named.isEmpty { return Tensor(ones: shape, dtype: dtype) }
        let order = others + named
        let length = layout.count(along: axes)
        let turned = permutedUnchecked(order)
        let rows = turned.reshaped(to: Layout(rowMajor: others.map(extent) + [length]))
        let axis = others.count
        let products = rows.productsBefore(axis) * rows.reversed(axis).productsBefore(axis).reversed(axis)
        var inverse = order
        for (place, source) in order.enumerated() { inverse[source] = place }
        return products.reshaped(to: turned.layout.rowMajor).permutedUnchecked(inverse)
    }

    /// At each place along `axis` the product of the elements before it.
    private func productsBefore(_ axis: Int) -> Tensor {
        let length = extent(axis)
        if length == 0 { return self }
        var first = layout
        first.setDimension(axis, size: 1, stride: 0)
        let one = Tensor.filled(first.rowMajor, 1.0, dtype: dtype, at: nil)
        if length == 1 { return one }
        let rest = sliced(axis: axis, start: 0, count: length - 1).cumulativeProduct(axis: axis)
        return concatenated([one, rest], axis: axis)
    }

    /// The slices along `axis` in the opposite order.
    func reversed(_ axis: Int) -> Tensor {
        let length = extent(axis)
        return length < 2 ? self : selecting(Tensor((0..<length).map { length - 1 - $0 }), axis: axis)
    }

    private func multipliedUp(_ handle: KernelHandle, axis: Int, _ call: Call) -> Tensor {
        let result = Tensor.uninitialized(like: layout, dtype: dtype, call)
        if count > 0 { launchScan(handle, into: result, axis: axis, fromEnd: false) }
        return .recorded(
            RecordedOperation(handle),
            result,
            from: self,
            savingInput: true,
            savingResult: true,
            attributes: OperationAttributes(axis: axis)
        ) { gradient, step in
            let (x, axis) = (step[0], step.attributes.axis)
            if (x.detached() .== 0).any().item() == 0 {
                step.give(0, (gradient * step.result).sumsToEnd(axis) / x)
            } else {
                step.give(0, x.cumulativeProductGradient(gradient, axis))
            }
        }
    }

    /// At each place along `axis` the sum of the elements from there to the end.
    private func sumsToEnd(_ axis: Int) -> Tensor {
        guard let handle = KernelFamily.cumulativeSum[dtype] else { return self }
        return scanned(handle, axis: axis, fromEnd: true)
    }

    /// The gradient of `cumulativeProduct` where elements may be 0: of each the sum of the gradients from there on,
    /// times the products without it.
    private func cumulativeProductGradient(_ gradient: Tensor, _ axis: Int) -> Tensor {
        guard rank > 0, count > 0 else { return gradient }
        let length = extent(axis)
        let parts = (0..<length).map { place in
            let rest = gradient.sliced(axis: axis, start: place, count: length - place)
            let before = sliced(axis: axis, start: 0, count: place).product(axis: axis, keepDims: true)
            let behind = sliced(axis: axis, start: place, count: length - place).productsBehindFirst(axis)
            return (rest * before * behind).sum(axis: axis, keepDims: true)
        }
        return concatenated(parts, axis: axis)
    }

    /// At each place along `axis` the product of the elements up to there but for the first.
    private func productsBehindFirst(_ axis: Int) -> Tensor {
        let length = extent(axis)
        var first = layout
        first.setDimension(axis, size: 1, stride: 0)
        let one = Tensor.filled(first.rowMajor, 1.0, dtype: dtype, at: nil)
        if length == 1 { return one }
        return concatenated(
            [one, sliced(axis: axis, start: 1, count: length - 1).cumulativeProduct(axis: axis)],
            axis: axis
        )
    }
}
