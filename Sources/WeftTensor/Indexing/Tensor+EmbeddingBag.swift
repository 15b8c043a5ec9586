import WeftRuntime

extension KernelFamily {
    fileprivate static let bag = KernelFamily("embedding_bag")
    fileprivate static let bagBackward = KernelFamily("embedding_bag_backward")
    fileprivate static let bagWeightsBackward = KernelFamily("embedding_bag_weights_backward")
}

/// What becomes of the rows in a bag.
public enum EmbeddingBagMode: Sendable, CaseIterable {
    /// They are added up.
    case sum
    /// They are averaged.
    case mean
    /// Of each feature the greatest number counts, and of equal ones the first gets the gradient.
    case max

    /// What stands for it among a launch's integers: the order of CK_BAG_….
    fileprivate var number: Int { self == .sum ? 0 : self == .mean ? 1 : 2 }
}

extension Tensor {
    /// What bags of the rows of this table, of shape [rows, features], come to, without making the rows: of shape
    /// [bags, features]. A bag without rows gives zeros.
    ///
    /// Gradients of rows are added up in the order of the indices, so that they are the same however the work is spread.
    ///
    /// - Parameters:
    ///   - indices: int64 from 0 up to the number of rows: a matrix with a bag in each row, or a vector that `offsets`
    ///     cuts into bags.
    ///   - offsets: where in a vector of indices each bag begins, the first at 0.
    ///   - mode: how a bag's rows are combined.
    ///   - perSampleWeights: of the shape and in the order of the indices, what each row is multiplied by; only where rows
    ///     are added up.
    ///   - includeLastOffset: whether the last offset is where the last bag ends; else that is where the indices end.
    ///   - paddingIndex: a row that is passed over wherever it is named, and gets no gradient; it may count from the end.
    ///   - scaleGradByFreq: whether the gradient of a row is divided by the number of indices that name it; not for maxima.
    ///
    /// Refused where this is no matrix, and where indices, offsets or weights do not fit.
    public func embeddingBag(
        _ indices: Tensor,
        offsets: Tensor? = nil,
        mode: EmbeddingBagMode = .mean,
        perSampleWeights: Tensor? = nil,
        includeLastOffset: Bool = false,
        paddingIndex: Int? = nil,
        scaleGradByFreq: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let count = indices.rank == 2 ? indices.extent(0) : (offsets?.count ?? 0) - (includeLastOffset ? 1 : 0)
        let target = Layout(nearest: [Swift.max(count, 0), shape.last ?? 1])
        return Call("embedding_bag", file, line).checked(standIn: target, dtype) { call throws(Refusal) in
            try call.require(
                rank == 2 && dtype.isFloatingPoint,
                "a \(dtype) table of shape \(shape): a matrix of floating-point numbers is wanted"
            )
            let rows = extent(0)
            let padding = paddingIndex.map { $0 < 0 ? $0 + rows : $0 } ?? -1
            if let paddingIndex {
                let isRow = (0..<rows).contains(padding)
                try call.require(isRow, "the padding index \(paddingIndex) is none of the \(rows) rows")
            }
            try indices.requireIndices(call, extent: rows, allowsNegative: false)
            let bounds = try indices.bounds(ofBags: offsets, includesLast: includeLastOffset, call)
            if let weights = perSampleWeights {
                try call.require(mode == .sum, "weights go with sums, and the mode is \(mode)")
                try call.require(
                    weights.shape == indices.shape && weights.dtype == dtype,
                    "\(weights.dtype) weights of shape \(weights.shape) do not fit: \(dtype) ones of the indices' shape "
                        + "\(indices.shape) are wanted"
                )
            }
            try call.require(
                mode != .max || !scaleGradByFreq,
                "gradients of maxima cannot be divided by the frequency of the indices"
            )
            let bags = EmbeddingBags(
                indices: indices.flattened().contiguous(at: call.site),
                bounds: bounds,
                mode: mode,
                padding: padding,
                scales: scaleGradByFreq
            )
            return bags.combined(self, perSampleWeights?.flattened().contiguous(at: call.site), call)
        }
    }

    /// Where each bag of these indices begins, and behind the last bag its end.
    private func bounds(ofBags offsets: Tensor?, includesLast: Bool, _ call: Call) throws(Refusal) -> Tensor {
        if rank == 2 {
            try call.require(offsets == nil, "a matrix of indices has a bag in each row, and no offsets")
            let length = extent(1)
            return Tensor(int64s: (0...extent(0)).map { $0 * length }, at: call.site)
        }
        guard rank == 1, let offsets else {
            throw call.refusal(
                "indices of shape \(shape) \(offsets == nil ? "without" : "with") offsets: a matrix is wanted, or a vector "
                    + "with offsets"
            )
        }
        try call.require(
            offsets.rank == 1 && offsets.dtype == .int64,
            "\(offsets.dtype) offsets of shape \(offsets.shape): an int64 vector is wanted"
        )
        var bounds = offsets.isFailed ? [] : offsets.array(of: Int.self)
        try call.require(
            !includesLast || !bounds.isEmpty || offsets.isFailed,
            "there are no offsets, of which the last is to end the last bag"
        )
        if let first = bounds.first { try call.require(first == 0, "the first offset is \(first); it must be 0") }
        if let place = bounds.indices.dropFirst().first(where: { bounds[$0] < bounds[$0 - 1] }) {
            throw call.refusal(
                "offset \(bounds[place]) at place \(place) follows \(bounds[place - 1]); they cannot fall"
            )
        }
        if let last = bounds.last {
            try call.require(last <= count, "the last offset, \(last), is greater than the number of indices, \(count)")
        }
        if !includesLast { bounds.append(bounds.isEmpty ? 0 : count) }
        return Tensor(int64s: bounds, at: call.site)
    }

    private init(int64s values: [Int], at site: CallSite?) {
        self = Tensor.uninitialized(
            like: Layout(rowMajor: [values.count]),
            dtype: .int64,
            operation: "embedding_bag",
            at: site
        )
        if isFailed { return }
        withUnsafeMutableElements { elements in
            for (index, value) in values.enumerated() { elements.store(value, at: index) }
        }
    }
}

/// Bags of rows, and how they are combined.
private struct EmbeddingBags {
    let indices: Tensor
    let bounds: Tensor
    let mode: EmbeddingBagMode
    let padding: Int
    let scales: Bool

    private var count: Int { bounds.count - 1 }

    func combined(_ table: Tensor, _ weights: Tensor?, _ call: Call) -> Tensor {
        let source = table.rowsSideBySide(at: call.site)
        let features = table.extent(1)
        let layout = Layout(rowMajor: [count, features])
        let result = Tensor.uninitialized(like: layout, dtype: table.dtype, call)
        let places = mode == .max ? Tensor.uninitialized(like: layout, dtype: .int64, call) : nil
        guard let handle = table.kernel(of: .bag, at: call.site), places?.isFailed != true else {
            return .failed(like: result)
        }
        var launch = launch(handle, features, items: count, perItem: averageLength * Double(features))
        launch.append(result)
        launch.append(optional: places)
        launch.append(source)
        launch.append(indices)
        launch.append(bounds)
        launch.append(optional: weights)
        Tensor.runWithoutScratch(&launch)
        withExtendedLifetime((source, result, places, weights)) {}
        let (bags, isWeighted) = (self, weights != nil)
        return .recorded(
            RecordedOperation(.embeddingBag),
            result,
            from: weights.map { [table, $0] } ?? [table],
            // The table is read again only for the gradient of the weights.
            savingInputs: weights != nil,
            saving: places.map { [$0] } ?? []
        ) { gradient, step in
            if bags.mode == .max {
                step.give(0, bags.scattered(gradient, step[1], in: step[0].layout))
            } else if !isWeighted {
                step.give(0, bags.spread(gradient, nil, in: step[0].layout))
            } else {
                step.give(0, bags.spread(gradient, step[1], in: step[0].layout))
                step.give(1, bags.products(gradient, step[0]))
            }
        }
    }

    private var averageLength: Double { Double(indices.count) / Double(max(count, 1)) + 1 }

    private func launch(_ handle: KernelHandle, _ features: Int, items: Int, perItem: Double) -> Launch {
        var shape = Extents(repeating: 1)
        (shape[0], shape[1]) = (count, features)
        var launch = Launch(
            handle,
            shape: shape,
            rank: 2,
            items: count == 0 || features == 0 ? 0 : items,
            nanosecondsPerItem: perItem * PointwiseCost.arithmetic
        )
        launch.setInteger(0, mode.number)
        launch.setInteger(1, padding)
        return launch
    }

    /// The table's gradient of maxima: each goes to the row that it came from.
    private func scattered(_ gradient: Tensor, _ places: Tensor, in table: Layout) -> Tensor {
        // An empty bag's has no row, and goes nowhere.
        let kept = `where`(places .< 0, Tensor.scalar(0.0, beside: gradient), gradient)
        let rows = Tensor.maximum(places, Tensor.scalar(0, beside: places))
        let zeros = Tensor.filled(table.rowMajor, 0.0, dtype: gradient.dtype, at: nil)
        return table.sizes[0] == 0 ? zeros : zeros.scatterAdd(axis: 0, rows, kept)
    }

    /// The table's gradient of sums and means.
    private func spread(_ gradient: Tensor, _ weights: Tensor?, in table: Layout) -> Tensor {
        var weights = weights
        if scales {
            let shares = indices.reciprocalFrequencies(of: table.sizes[0], dtype: gradient.dtype)
            weights = weights.map { $0 * shares } ?? shares
        }
        if GradientMode.isEnabled {
            var each = gradient.selecting(owners, axis: 0) * factors(gradient.dtype).insertingAxis(1)
            if let weights { each = each * weights.sliced(axis: 0, start: 0, count: owners.count).insertingAxis(1) }
            let used = indices.sliced(axis: 0, start: 0, count: owners.count)
            return each.addedUp(used, axis: 0, in: table)
        }
        let sums = Tensor.filled(table.rowMajor, 0.0, dtype: gradient.sumDType, at: nil)
        let incoming = gradient.contiguous()
        guard let handle = gradient.kernel(of: .bagBackward, at: nil) else { return .failed(like: sums) }
        let features = table.sizes[1]
        var launch = launch(
            handle,
            features,
            items: (features + 63) / 64,
            perItem: Double(indices.count * min(features, 64))
        )
        launch.append(sums)
        launch.append(incoming)
        launch.append(indices)
        launch.append(bounds)
        launch.append(optional: weights)
        Tensor.runWithoutScratch(&launch)
        withExtendedLifetime((sums, incoming, weights)) {}
        return sums.converted(to: gradient.dtype, at: nil)
    }

    /// The gradient of the weights of a sum.
    private func products(_ gradient: Tensor, _ table: Tensor) -> Tensor {
        let zeros = Tensor.filled(indices.layout.rowMajor, 0.0, dtype: gradient.dtype, at: nil)
        if GradientMode.isEnabled {
            let used = indices.sliced(axis: 0, start: 0, count: owners.count)
            let products = gradient.selecting(owners, axis: 0) * table.selecting(used, axis: 0)
            let sums = products.sum(axis: 1) * factors(gradient.dtype)
            let behind = indices.count - owners.count
            return behind == 0 ? sums : concatenated([sums, zeros.sliced(axis: 0, start: 0, count: behind)], axis: 0)
        }
        let incoming = gradient.contiguous()
        let source = table.rowsSideBySide(at: nil)
        guard let handle = gradient.kernel(of: .bagWeightsBackward, at: nil) else { return .failed(like: zeros) }
        let features = table.extent(1)
        var launch = launch(handle, features, items: count, perItem: averageLength * Double(features))
        launch.append(zeros)
        launch.append(incoming)
        launch.append(source)
        launch.append(indices)
        launch.append(bounds)
        Tensor.runWithoutScratch(&launch)
        withExtendedLifetime((zeros, incoming, source)) {}
        return zeros
    }

    /// The bag that each index is in, without those behind the last bag.
    private var owners: Tensor {
        let ends = bounds.array(of: Int.self)
        var owners: [Int64] = []
        for bag in 0..<count { owners += Array(repeating: Int64(bag), count: ends[bag + 1] - ends[bag]) }
        return Tensor(owners)
    }

    /// For each of the `owners`, 0 for padding, else 1 or, of means, 1 over the number of rows in the bag.
    private func factors(_ dtype: DType) -> Tensor {
        let (ends, rows) = (bounds.array(of: Int.self), indices.array(of: Int.self))
        var factors: [Double] = []
        for bag in 0..<count {
            let bag = rows[ends[bag]..<ends[bag + 1]]
            let used = bag.count { $0 != padding }
            factors += bag.map { $0 == padding ? 0 : mode == .mean ? 1 / Double(used) : 1 }
        }
        return Tensor(factors, dtype: dtype)
    }
}

extension Tensor {
    /// This matrix with the elements of each row side by side.
    fileprivate func rowsSideBySide(at site: CallSite?) -> Tensor {
        extent(1) <= 1 || stride(1) == 1 ? self : contiguous(at: site)
    }
}

extension Launch {
    /// Appends an operand that may be left out.
    fileprivate mutating func append(optional tensor: Tensor?) {
        if let tensor { append(tensor) } else { append(nil, strides: Extents(repeating: 0)) }
    }
}
