import WeftRuntime

extension KernelFamily {
    fileprivate static let sgd = KernelFamily("sgd")
    fileprivate static let adam = KernelFamily("adam")
}

/// What a step of stochastic gradient descent is configured with.
package struct SGDConfiguration: Sendable {
    package var learningRate: Double
    package var momentum: Double
    package var dampening: Double
    package var weightDecay: Double
    package var nesterov: Bool

    package init(learningRate: Double, momentum: Double, dampening: Double, weightDecay: Double, nesterov: Bool) {
        self.learningRate = learningRate
        self.momentum = momentum
        self.dampening = dampening
        self.weightDecay = weightDecay
        self.nesterov = nesterov
    }
}

/// What a step of Adam or AdamW is configured with.
package struct AdamConfiguration: Sendable {
    package var learningRate: Double
    package var beta1: Double
    package var beta2: Double
    package var epsilon: Double
    package var weightDecay: Double
    /// Whether weight decay acts on the parameters rather than the gradients: AdamW instead of Adam.
    package var decoupled: Bool

    package init(
        learningRate: Double,
        beta1: Double,
        beta2: Double,
        epsilon: Double,
        weightDecay: Double,
        decoupled: Bool
    ) {
        self.learningRate = learningRate
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.weightDecay = weightDecay
        self.decoupled = decoupled
    }
}

/// Optimizer steps in place, each one kernel over the whole parameter. All tensors have the parameter's shape.
extension Tensor {
    /// One step of stochastic gradient descent. `buffer` is the momentum's, nil before the first step, and stays
    /// nil without momentum.
    ///
    /// - Returns: whether the step was done; if it was refused, everything is as it was.
    @discardableResult
    package mutating func stepSGD(
        gradient: Tensor,
        buffer: inout Tensor?,
        _ configuration: SGDConfiguration
    ) -> Bool {
        guard let handle = KernelFamily.sgd[dtype], isReady(for: gradient, operation: "SGD") else { return false }
        let gradient = gradient.contiguous()
        let isFirst = buffer == nil
        var momentum: Tensor?
        if configuration.momentum != 0 {
            momentum = buffer.take() ?? .filled(layout, 0.0, dtype: dtype, at: nil)
        }
        guard !gradient.isFailed, makeUnique(), momentum?.makeUnique() ?? true else {
            buffer = isFirst ? nil : momentum
            return false
        }
        var launch = stepLaunch(handle, gradient)
        launch.append(momentum?.start, strides: Tensor.unitStride)
        launch.setNumber(0, configuration.learningRate)
        launch.setNumber(1, configuration.momentum)
        launch.setNumber(2, configuration.dampening)
        launch.setNumber(3, configuration.weightDecay)
        launch.setInteger(0, configuration.nesterov ? 1 : 0)
        launch.setInteger(1, isFirst ? 1 : 0)
        _ = Tensor.runWithoutScratch(&launch)
        withExtendedLifetime((self, gradient, momentum)) {}
        buffer = momentum
        return true
    }

    /// Step number `step`, counted from 1, of Adam or AdamW.
    ///
    /// - Returns: whether the step was done; if it was refused, everything is as it was.
    @discardableResult
    package mutating func stepAdam(
        gradient: Tensor,
        firstMoment: inout Tensor,
        secondMoment: inout Tensor,
        step: Int,
        _ configuration: AdamConfiguration
    ) -> Bool {
        guard let handle = KernelFamily.adam[dtype], isReady(for: gradient, operation: "Adam") else { return false }
        let gradient = gradient.contiguous()
        guard !gradient.isFailed, makeUnique(), firstMoment.makeUnique(), secondMoment.makeUnique() else {
            return false
        }
        var launch = stepLaunch(handle, gradient)
        launch.append(firstMoment, strides: Tensor.unitStride)
        launch.append(secondMoment, strides: Tensor.unitStride)
        launch.setNumber(0, configuration.learningRate)
        launch.setNumber(1, configuration.beta1)
        launch.setNumber(2, configuration.beta2)
        launch.setNumber(3, configuration.epsilon)
        launch.setNumber(4, configuration.weightDecay)
        launch.setInteger(0, step)
        launch.setInteger(1, configuration.decoupled ? 1 : 0)
        _ = Tensor.runWithoutScratch(&launch)
        withExtendedLifetime((self, gradient, firstMoment, secondMoment)) {}
        return true
    }

    private static var unitStride: Extents {
        var strides = Extents(repeating: 0)
        strides[0] = 1
        return strides
    }

    private func isReady(for gradient: Tensor, operation: StaticString) -> Bool {
        if isFailed || gradient.isFailed { return false }
        guard gradient.layout.hasSameShape(as: layout), gradient.dtype == dtype else {
            refuse(
                operation,
                "a \(gradient.dtype) gradient of shape \(gradient.shape) does not fit a \(dtype) parameter of shape \(shape)",
                at: nil
            )
            return false
        }
        return true
    }

    private func stepLaunch(_ handle: KernelHandle, _ gradient: Tensor) -> Launch {
        var shape = Extents(repeating: 1)
        shape[0] = count
        var launch = Launch(
            handle,
            shape: shape,
            rank: 1,
            items: count,
            nanosecondsPerItem: 2 * PointwiseCost.arithmetic
        )
        launch.chunkMultiple = 64
        launch.append(self, strides: Tensor.unitStride)
        launch.append(gradient, strides: Tensor.unitStride)
        return launch
    }
}
