import WeftRuntime

extension KernelFamily {
    fileprivate static let crossEntropy = KernelFamily("cross_entropy")
    fileprivate static let crossEntropyBackward = KernelFamily("cross_entropy_backward")
}

/// What becomes of the losses of the samples.
public enum Reduction: Sendable {
    /// Each sample's loss is kept.
    case none
    /// Their mean.
    case mean
    /// Their sum.
    case sum
}

extension Tensor {
    /// The cross-entropy between the distributions that these logits stand for and the classes in `target`:
    /// -log softmax(logits)[target], computed in one pass without the softmax itself.
    ///
    /// - Parameters:
    ///   - target: int64 classes. Logits of shape [n, classes] take a target of shape [n], logits of shape
    ///     [classes] a scalar, and logits of shape [n, classes, d…] a target of shape [n, d…].
    ///   - reduction: `.mean` divides by the number of samples that are not ignored; without any it is NaN, with a
    ///     gradient of 0.
    ///   - ignoreIndex: samples with this target have neither loss nor gradient.
    ///   - labelSmoothing: the share of the target distribution, 0 ... 1, that is spread evenly over all
    ///     classes, as in Szegedy et al., "Rethinking the Inception Architecture" (2016).
    ///
    /// Refused for other shapes and dtypes, and for classes out of range.
    public func crossEntropy(
        _ target: Tensor,
        reduction: Reduction = .mean,
        ignoreIndex: Int = -100,
        labelSmoothing: Double = 0,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let standIn = reduction == .none ? target.layout.rowMajor : Layout()
        return Call("crossEntropy", file, line).checked(standIn: standIn, dtype) { call throws(Refusal) in
            let classAxis = rank == 1 ? 0 : 1
            let samples = shape.enumerated().filter { $0.offset != classAxis }.map(\.element)
            try call.require(
                rank > 0 && target.dtype == .int64 && KernelFamily.crossEntropy[dtype] != nil
                    && (0...1).contains(labelSmoothing) && target.shape == samples,
                "\(dtype) logits of shape \(shape) and a \(target.dtype) target of shape \(target.shape) with label "
                    + "smoothing \(labelSmoothing) do not fit: [n, classes] logits of "
                    + "\(KernelFamily.crossEntropy.acceptedDTypes) and [n] int64 classes are wanted, and a smoothing from "
                    + "0 to 1"
            )
            let classes = extent(classAxis)
            let labels = target.flattened().contiguous(at: call.site)
            let isKept = labels .!= ignoreIndex
            // Where there are no classes, no class stands in for the ignored targets, and there may be nothing else.
            if classes > 0 || isKept.sum().item(as: Int.self) > 0 {
                try `where`(isKept, labels, Tensor.scalar(0, beside: labels))
                    .requireIndices(call, extent: classes, what: "class", allowsNegative: false)
            }
            let order = (0..<rank).filter { $0 != classAxis } + [classAxis]
            let rows = permuted(order).reshaped(to: Layout(rowMajor: [labels.count, classes]))
            let attributes = OperationAttributes(start: ignoreIndex, number: labelSmoothing)
            let losses = try rows.rowLosses(labels, attributes, call)
            switch reduction {
            case .none: return losses.reshaped(to: target.layout.rowMajor)
            case .sum: return losses.sum()
            case .mean: return losses.sum() / isKept.sum().to(dtype)
            }
        }
    }

    /// The loss of each row of these [n, classes] logits; `attributes` holds the ignored class and the smoothing.
    private func rowLosses(
        _ labels: Tensor,
        _ attributes: OperationAttributes,
        _ call: Call
    ) throws(Refusal) -> Tensor {
        let handle = try call.kernel(.crossEntropy, for: dtype)
        let losses = Tensor.uninitialized(like: labels.layout, dtype: dtype, call)
        let logSums = Tensor.uninitialized(like: labels.layout, dtype: dtype, call)
        var launch = rowLaunch(handle, attributes)
        launch.append(losses)
        launch.append(logSums)
        launch.append(self)
        launch.append(labels)
        Tensor.runWithoutScratch(&launch)
        withExtendedLifetime((self, losses, logSums, labels)) {}
        return .recorded(
            RecordedOperation(.crossEntropy, dtype, derivative: .crossEntropyBackward),
            losses,
            from: [self],
            saving: [labels, logSums],
            attributes: attributes
        ) { gradient, step in
            step.give(
                0,
                GradientMode.isEnabled
                    ? step[0].composedLossGradient(gradient, labels: step[1], step.attributes)
                    : step[0].fusedLossGradient(gradient, labels: step[1], logSums: step[2], step)
            )
        }
    }

    private func rowLaunch(_ handle: KernelHandle, _ attributes: OperationAttributes) -> Launch {
        var launch = Launch(
            handle,
            shape: layout.sizes,
            rank: 2,
            items: layout.sizes[0],
            nanosecondsPerItem: Double(layout.sizes[1]) * PointwiseCost.transcendental
        )
        launch.setInteger(0, attributes.start)
        launch.setNumber(0, attributes.number)
        return launch
    }

    private func fusedLossGradient(
        _ gradient: Tensor,
        labels: Tensor,
        logSums: Tensor,
        _ step: BackwardStep
    ) -> Tensor {
        let result = Tensor.uninitialized(like: layout, dtype: dtype, Call("backward", at: nil))
        var launch = rowLaunch(step.derivative!, step.attributes)
        launch.append(result)
        launch.append(self)
        launch.append(logSums)
        launch.append(labels)
        launch.append(gradient)
        launch.streamBeyondCaches(byteCount: 2 * count * dtype.size)
        Tensor.runWithoutScratch(&launch)
        withExtendedLifetime((self, result, logSums, labels, gradient)) {}
        return result
    }

    /// softmax(logits) minus the smoothed target distribution, times each row's gradient, in operations that can
    /// be differentiated again.
    private func composedLossGradient(
        _ gradient: Tensor,
        labels: Tensor,
        _ attributes: OperationAttributes
    ) -> Tensor {
        let classes = layout.sizes[1]
        let column = labels.insertingAxis(1)
        let hits = (column .== Tensor(arange: 0..<classes)).converted(to: dtype, at: nil)
        let target = hits * (1 - attributes.number) + attributes.number / Double(classes)
        let product = (softmax(axis: 1) - target) * gradient.insertingAxis(1)
        return `where`(column .!= attributes.start, product, Tensor.scalar(0.0, beside: product))
    }
}
