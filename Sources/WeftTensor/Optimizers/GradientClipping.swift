import WeftRuntime

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Scales the gradients of `leaves` together so that their norm is at most `maxNorm`; a leaf that occurs twice counts
/// once. See `clipGradNorm` for what it gives and refuses.
package func clipGradientNorm(
    of leaves: [Leaf],
    to maxNorm: Double,
    order: Double,
    errorIfNonfinite: Bool,
    at site: CallSite
) -> Tensor {
    let operation = "clipGradNorm"
    guard maxNorm >= 0, order > 0 else {
        refuse(
            operation,
            maxNorm >= 0
                ? "the order of the norm is \(order); it must be above 0"
                : "the greatest norm is \(maxNorm); it must be 0 or more",
            at: site
        )
        return Tensor(standIn: Layout(), dtype: .float32)
    }
    var gradients = BorrowedGradients(of: leaves)
    defer { gradients.giveBack() }
    guard let norm = gradients.norm(order: order, at: site) else { return Tensor(standIn: Layout(), dtype: .float32) }
    if errorIfNonfinite, !norm.isFinite {
        refuse(
            operation,
            "the norm of order \(order) of all gradients is \(norm); they are left as they are",
            at: site
        )
        return Tensor(standIn: Layout(), dtype: gradients.dtype)
    }
    // As PyTorch has it: a little below the quotient, and NaN if the norm is.
    let factor = maxNorm / (norm + 1e-6)
    if !(factor >= 1) { gradients.change(.segmentScale, by: factor, at: site) }
    return Tensor(norm, dtype: gradients.dtype)
}

/// Brings every element of the gradients of `leaves` between `-bound` and `bound`.
package func clipGradientValue(of leaves: [Leaf], to bound: Double, at site: CallSite) {
    guard bound >= 0 else {
        return refuse("clipGradValue", "the greatest value is \(bound); it must be 0 or more", at: site)
    }
    var gradients = BorrowedGradients(of: leaves)
    defer { gradients.giveBack() }
    gradients.change(.segmentClamp, by: bound, at: site)
}

extension KernelFamily {
    fileprivate static let segmentSquares = KernelFamily("segment_squares")
    fileprivate static let segmentMagnitudes = KernelFamily("segment_magnitudes")
    fileprivate static let segmentLargest = KernelFamily("segment_largest")
    fileprivate static let segmentPowers = KernelFamily("segment_powers")
    fileprivate static let segmentScale = KernelFamily("segment_scale")
    fileprivate static let segmentClamp = KernelFamily("segment_clamp")
}

/// The gradients of some leaves, taken from them to be measured and changed where they lie, all that have one dtype in
/// one launch.
private struct BorrowedGradients {
    private var borrowed: [(leaf: Leaf, gradient: Tensor)] = []

    init(of leaves: [Leaf]) {
        for leaf in leaves {
            if let gradient = leaf.take() { borrowed.append((leaf, gradient)) }
        }
    }

    mutating func giveBack() {
        while let (leaf, gradient) = borrowed.popLast() { leaf.accumulate(gradient) }
    }

    /// The dtype in which all gradients have their place; float32 if there are none.
    var dtype: DType {
        guard let first = borrowed.first else { return .float32 }
        return borrowed.dropFirst().reduce(first.gradient.dtype) { DType.promoted($0, $1.gradient.dtype) }
    }

    private var dtypes: [DType] {
        borrowed.reduce(into: []) { if !$0.contains($1.gradient.dtype) { $0.append($1.gradient.dtype) } }
    }

    // MARK: Norms

    /// The norm of all elements together; nil, after refusing, if there was no memory for it.
    func norm(order: Double, at site: CallSite) -> Double? {
        var norms: [Double] = []
        for dtype in dtypes {
            let measured = withTable(of: dtype) { Measure(table: $0, dtype: dtype, site: site).norm(order: order) }
            guard let measured else { return nil }
            norms.append(measured)
        }
        if norms.count < 2 { return norms.first ?? 0 }
        let largest = norms.reduce(0, greater)
        guard largest > 0, largest.isFinite, order.isFinite else { return largest }
        return largest * pow(norms.reduce(0) { $0 + pow($1 / largest, order) }, 1 / order)
    }

    private func withTable<R>(of dtype: DType, _ body: (ParameterTable) -> R) -> R {
        var table = ParameterTable()
        for (_, gradient) in borrowed where gradient.dtype == dtype {
            table.append(count: gradient.count, gradient: gradient.start)
        }
        defer { withExtendedLifetime(borrowed) {} }
        return body(table)
    }

    // MARK: Changing

    /// Runs a kernel that changes every element by `number`: all gradients, or none if there is no memory for a copy of
    /// one that somebody else holds too. What changed is not the tape's any more.
    mutating func change(_ family: KernelFamily, by number: Double, at site: CallSite) {
        for index in borrowed.indices {
            if borrowed[index].gradient.tracking.isTracked { borrowed[index].gradient.tracking = .none }
            if !borrowed[index].gradient.makeUnique(at: site) { return }
        }
        for dtype in dtypes {
            guard let handle = family[dtype] else { continue }
            var table = ParameterTable()
            for (_, gradient) in borrowed where gradient.dtype == dtype {
                table.append(count: gradient.count, values: gradient.start)
            }
            table.launch(handle, nanosecondsPerItem: PointwiseCost.arithmetic) { $0.setNumber(0, number) }
        }
        withExtendedLifetime(borrowed) {}
    }
}

/// Measuring what a table holds, of one dtype.
private struct Measure {
    let table: ParameterTable
    let dtype: DType
    let site: CallSite

    /// Elements of a part. Fixed, so that the result does not depend on the number of threads.
    private static let partLength = 16_384

    /// The norm of all elements; nil, after refusing, if there was no memory for it.
    func norm(order: Double) -> Double? {
        switch order {
        case .infinity: return total(.segmentLargest, combining: greater)
        case 1: return total(.segmentMagnitudes)
        case 2:
            guard let sum = total(.segmentSquares) else { return nil }
            // Squares that overflow, or that are too small to have all their bits, are taken again of scaled elements.
            let isExact = sum > (dtype == .float64 ? 0x1p-900 : 0x1p-80) && sum < .infinity
            return isExact || sum.isNaN ? sum.squareRoot() : scaledNorm(order)
        default: return scaledNorm(order)
        }
    }

    /// The norm by way of elements that are scaled by a power of two, so that the greatest is about 1.
    private func scaledNorm(_ order: Double) -> Double? {
        guard let largest = total(.segmentLargest, combining: greater) else { return nil }
        guard largest > 0, largest.isFinite else { return largest }
        // Within what float32 has powers of two for, where that is computed with.
        let limit = dtype == .float64 ? 1022 : 126
        let exponent = min(max(-Int(largest.exponent), -limit), limit)
        let scale = Double(sign: .plus, exponent: exponent, significand: 1)
        guard let sum = total(order == 2 ? .segmentSquares : .segmentPowers, scale: scale, power: order) else {
            return nil
        }
        return (order == 2 ? sum.squareRoot() : pow(sum, 1 / order)) / scale
    }

    /// What `family` makes of all parts, which are combined in their order.
    private func total(
        _ family: KernelFamily,
        scale: Double = 1,
        power: Double = 1,
        combining combine: (Double, Double) -> Double = (+)
    ) -> Double? {
        let parts = table.partCount(Self.partLength)
        let results = Tensor.uninitialized(
            like: Layout(rowMajor: [parts]),
            dtype: .float64,
            operation: "clipGradNorm",
            at: site
        )
        guard let handle = family[dtype], !results.isFailed else { return nil }
        table.launch(
            handle,
            partLength: Self.partLength,
            into: results.start,
            nanosecondsPerElement: 0.15
        ) { launch in
            launch.setNumber(0, scale)
            launch.setNumber(1, power)
        }
        return results.array(of: Double.self).reduce(0, combine)
    }
}

/// The greater of two magnitudes; NaN if either is.
private func greater(_ a: Double, _ b: Double) -> Double { b > a || b.isNaN ? b : a }
