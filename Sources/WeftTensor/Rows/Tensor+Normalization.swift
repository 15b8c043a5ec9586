import WeftRuntime

extension KernelFamily {
    fileprivate static let layerNorm = KernelFamily("layer_norm")
    fileprivate static let layerNormBackward = KernelFamily("layer_norm_backward")
    fileprivate static let rmsNorm = KernelFamily("rms_norm")
    fileprivate static let rmsNormBackward = KernelFamily("rms_norm_backward")
}

extension Tensor {
    /// (x - mean) / sqrt(variance + ε) · weight + bias over the last dimensions, each row of them by its own mean and
    /// variance (Ba, Kiros and Hinton, "Layer Normalization", 2016).
    ///
    /// - Parameters:
    ///   - shape: the sizes of the last dimensions, over which a row extends: at least one.
    ///   - weight: of shape `shape`; nil for ones.
    ///   - bias: of shape `shape`; nil for zeros.
    ///   - epsilon: added to the variance, which divides by the number of elements.
    ///
    /// Integers, truth values and 16-bit numbers are computed as float32; beside 16-bit ones, weight and bias may be float32
    /// themselves. Refused where the shapes do not match.
    public func layerNorm(
        _ shape: [Int],
        weight: Tensor? = nil,
        bias: Tensor? = nil,
        epsilon: Double = 1e-5,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let rows = NormalizedRows(shape, centers: true, epsilon: epsilon)
        return rows.normalized(self, weight, bias, operation: "layerNorm", at: CallSite(file, line))
    }

    /// x / sqrt(mean(x²) + ε) · weight over the last dimensions, each row of them by its own mean square (Zhang and
    /// Sennrich, "Root Mean Square Layer Normalization", 2019).
    ///
    /// - Parameters:
    ///   - shape: the sizes of the last dimensions, over which a row extends: at least one.
    ///   - weight: of shape `shape`; nil for ones.
    ///   - epsilon: added to the mean square; by default the distance of float32 numbers at 1, 2⁻²³.
    ///
    /// Integers, truth values and 16-bit numbers are computed as float32; beside 16-bit ones, weight and bias may be float32
    /// themselves. Refused where the shapes do not match.
    public func rmsNorm(
        _ shape: [Int],
        weight: Tensor? = nil,
        epsilon: Double? = nil,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let rows = NormalizedRows(shape, centers: false, epsilon: epsilon ?? Double(Float.ulpOfOne))
        return rows.normalized(self, weight, nil, operation: "rmsNorm", at: CallSite(file, line))
    }
}

/// How rows are normalised: over which sizes, and whether by mean and variance or by the mean square alone.
private struct NormalizedRows {
    let shape: [Int]
    let centers: Bool
    let epsilon: Double

    /// Rows whose shares in the gradients of weight and bias are added up before they are stored.
    private static let partRows = 32
    private static let nanosecondsPerElement = 0.4

    init(_ shape: [Int], centers: Bool, epsilon: Double) {
        self.shape = shape
        self.centers = centers
        self.epsilon = epsilon
    }

    private var family: KernelFamily { centers ? .layerNorm : .rmsNorm }
    private var backward: KernelFamily { centers ? .layerNormBackward : .rmsNormBackward }

    func normalized(
        _ x: Tensor,
        _ weight: Tensor?,
        _ bias: Tensor?,
        operation: StaticString,
        at site: CallSite
    ) -> Tensor {
        let input = x.floatingPoint(at: site)
        let call = Call(operation, at: site)
        return call.checked(standIn: input.layout.rowMajor, input.dtype) { call throws(Refusal) in
            try call.require(
                !shape.isEmpty && input.shape.suffix(shape.count) == shape[...],
                "shape \(input.shape) does not end in the normalized shape \(shape)"
            )
            for (name, operand) in [("weight", weight), ("bias", bias)] {
                guard let operand else { continue }
                try call.require(
                    operand.shape == shape && (operand.dtype == input.dtype || operand.dtype == input.sumDType),
                    "a \(operand.dtype) \(name) of shape \(operand.shape) does not fit: \(input.dtype) of the normalized "
                        + "shape \(shape) is wanted"
                )
            }
            // 16-bit numbers are computed with as float32.
            return recorded(input.widened, weight?.widened, bias?.widened, operation: operation, at: site)
                .recastFloatingPoint(input.dtype, at: site)
        }
    }

    private func recorded(
        _ input: Tensor,
        _ weight: Tensor?,
        _ bias: Tensor?,
        operation: StaticString,
        at site: CallSite
    ) -> Tensor {
        let (result, kept) = forward(input, weight, bias, operation: operation, at: site)
        let rows = self
        var inputs = [input]
        if let weight { inputs.append(weight) }
        if let bias { inputs.append(bias) }
        let (hasWeight, hasBias) = (weight != nil, bias != nil)
        let operation = RecordedOperation(family, input.dtype, derivative: backward)
        return .recorded(operation, result, from: inputs, saving: [kept]) { gradient, step in
            let weight = hasWeight ? step[1] : nil
            let kept = step[1 + (hasWeight ? 1 : 0) + (hasBias ? 1 : 0)]
            if GradientMode.isEnabled {
                let places = (weight: hasWeight ? 1 : nil, bias: hasBias ? (hasWeight ? 2 : 1) : nil)
                rows.giveComposed(gradient, step, weight, places, kept: kept)
            } else {
                rows.giveFused(gradient, step, weight, hasBias: hasBias, kept: kept)
            }
        }
    }

    /// The rows of `tensor` as a matrix whose rows have no gaps.
    private func matrix(_ tensor: Tensor, at site: CallSite? = nil) -> Tensor {
        let length = shape.reduce(1, *)
        let rowCount = tensor.layout.sizes.count(upTo: tensor.rank - shape.count)
        let target = Layout(rowMajor: [rowCount, length])
        if let viewed = tensor.layout.viewed(as: target), length <= 1 || viewed.strides[1] == 1 {
            return tensor.view(viewed)
        }
        return Tensor.copy(of: tensor, at: site).view(target)
    }

    /// The normalised rows, and for each row what (x - centre) · scale + shift takes to give it.
    private func forward(
        _ input: Tensor,
        _ weight: Tensor?,
        _ bias: Tensor?,
        operation: StaticString,
        at site: CallSite
    ) -> (result: Tensor, kept: Tensor) {
        let x = matrix(input, at: site)
        let (rowCount, length) = (x.layout.sizes[0], x.layout.sizes[1])
        let result = Tensor.uninitialized(like: input.layout, dtype: input.dtype, operation: operation, at: site)
        let kept = Tensor.uninitialized(
            like: Layout(rowMajor: [rowCount, 3]),
            dtype: input.dtype,
            operation: operation,
            at: site
        )
        guard !x.isFailed, !result.isFailed, !kept.isFailed, let handle = input.kernel(of: family, at: site) else {
            return (.failed(like: result), kept)
        }
        let (weight, bias) = (weight?.contiguous(at: site), bias?.contiguous(at: site))
        var launch = Launch(
            handle,
            shape: x.layout.sizes,
            rank: 2,
            items: length == 0 ? 0 : rowCount,
            nanosecondsPerItem: Double(length) * Self.nanosecondsPerElement
        )
        launch.append(result, strides: Layout(rowMajor: [rowCount, length]).strides)
        launch.append(kept, strides: kept.layout.strides)
        launch.append(x, strides: x.layout.strides)
        launch.append(optional: weight)
        launch.append(optional: bias)
        launch.setNumber(0, epsilon)
        launch.streamBeyondCaches(byteCount: 2 * input.count * input.dtype.size)
        Tensor.runWithoutScratch(&launch)
        withExtendedLifetime((x, result, kept, weight, bias)) {}
        return (result, kept)
    }

    private func giveFused(_ gradient: Tensor, _ step: BackwardStep, _ weight: Tensor?, hasBias: Bool, kept: Tensor) {
        let input = step[0]
        let (x, incoming) = (matrix(input), matrix(gradient))
        let (rowCount, length) = (x.layout.sizes[0], x.layout.sizes[1])
        let parts = (rowCount + Self.partRows - 1) / Self.partRows
        let inputCount = 1 + (weight == nil ? 0 : 1) + (hasBias ? 1 : 0)
        let wantsShares = (1..<inputCount).contains { step[$0].tracking.isTracked }
        let shares =
            !wantsShares
            ? nil
            : Tensor.uninitialized(
                like: Layout(rowMajor: [parts, centers ? 2 : 1, length]),
                dtype: input.dtype,
                operation: backward.name,
                at: nil
            )
        let dx =
            !input.tracking.isTracked
            ? nil
            : Tensor.uninitialized(
                like: input.layout,
                dtype: input.dtype,
                operation: backward.name,
                at: nil
            )
        guard !x.isFailed, !incoming.isFailed, shares?.isFailed != true, dx?.isFailed != true,
            let handle = backward[input.dtype]
        else { return }
        let scale = weight?.contiguous()
        var launch = Launch(
            handle,
            shape: x.layout.sizes,
            rank: 2,
            items: length == 0 ? 0 : parts,
            nanosecondsPerItem: Double(length * Self.partRows) * 2 * Self.nanosecondsPerElement
        )
        launch.append(optional: dx, strides: Layout(rowMajor: [rowCount, length]).strides)
        launch.append(optional: shares, strides: shares?.layout.strides)
        launch.append(incoming, strides: incoming.layout.strides)
        launch.append(x, strides: x.layout.strides)
        launch.append(kept, strides: kept.layout.strides)
        launch.append(optional: scale)
        launch.setInteger(0, Self.partRows)
        launch.streamBeyondCaches(byteCount: 3 * input.count * input.dtype.size)
        Tensor.runWithoutScratch(&launch)
        withExtendedLifetime((x, incoming, shares, dx, kept, scale)) {}
        if let dx { step.give(0, dx) }
        guard let shares else { return }
        let totals = shares.sum(axes: [0])
        let target = Layout(rowMajor: shape)
        func total(_ place: Int) -> Tensor {
            totals.sliced(axis: 0, start: place, count: 1).reshaped(to: target)
        }
        if weight != nil { step.give(1, total(0)) }
        if hasBias { step.give(weight == nil ? 1 : 2, total(1)) }
    }

    /// The derivative in operations that can be differentiated again.
    private func giveComposed(
        _ gradient: Tensor,
        _ step: BackwardStep,
        _ weight: Tensor?,
        _ places: (weight: Int?, bias: Int?),
        kept: Tensor
    ) {
        let x = step[0]
        let axes = Array((x.rank - shape.count)..<x.rank)
        func mean(_ tensor: Tensor) -> Tensor { tensor.mean(axes: axes, keepDims: true) }
        // What forward kept moves and scales each row so that nothing overflows. It is constant here: the rest of the
        // formula does not depend on it.
        var rowAxes = AxisSet()
        for axis in axes { rowAxes.insert(axis) }
        let perRow = x.layout.reduced(over: rowAxes, keepDims: true)
        func constant(_ place: Int) -> Tensor {
            kept.sliced(axis: 1, start: place, count: 1).reshaped(to: perRow).detached()
        }
        let unit = constant(1)
        let near = (centers ? x - constant(0) : x) * unit
        let centered = centers ? near - mean(near) : near
        // The root first: the square of the unit alone may overflow.
        let floor = (unit * abs(epsilon).squareRoot()).square() * (epsilon < 0 ? -1.0 : 1)
        let rescale = (mean(centered.square()) + floor).sqrt().reciprocal()
        let (normal, scale) = (centered * rescale, rescale * unit)
        let weighted = weight.map { gradient * $0 } ?? gradient
        let rest = centers ? weighted - mean(weighted) : weighted
        step.give(0, (rest - normal * mean(weighted * normal)) * scale)
        // `give` sums over the rows.
        if let place = places.weight { step.give(place, gradient * normal) }
        if let place = places.bias { step.give(place, gradient) }
    }
}

extension Launch {
    /// Appends an operand that a kernel may do without, by default one with an element for each of a row's.
    fileprivate mutating func append(optional tensor: Tensor?, strides: Extents? = nil) {
        var perColumn = Extents(repeating: 0)
        perColumn[1] = 1
        if let tensor {
            append(tensor, strides: strides ?? perColumn)
        } else {
            append(nil, strides: Extents(repeating: 0))
        }
    }
}

extension Extents {
    /// The product of the first `count` sizes.
    fileprivate func count(upTo count: Int) -> Int { (0..<count).reduce(1) { $0 * self[$1] } }
}
