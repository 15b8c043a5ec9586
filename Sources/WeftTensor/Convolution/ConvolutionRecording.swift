import WeftRuntime

extension Convolution {
    /// One of the three tensors from the other two: the output of input and weight, the input of output and weight, or the
    /// weight of output and input, in this order. Recorded, with a derivative made of the other two products.
    ///
    /// - Parameters:
    ///   - format: the order in which the output or the input lies.
    ///   - bias: added to the channels of the output or the input.
    ///   - activation: applied last.
    func recorded(
        _ product: ConvolutionProduct,
        _ a: Tensor,
        _ b: Tensor,
        _ format: MemoryFormat,
        bias: Tensor? = nil,
        activation: Activation? = nil,
        operation: StaticString,
        at site: CallSite?
    ) -> Tensor {
        let isRecorded = a.recordsGradient || b.recordsGradient || bias?.recordsGradient == true
        // The derivative of gelu needs what it is applied to.
        let isFused = !isRecorded || activation?.isDifferentiatedByResult ?? true
        let fused = isFused ? activation : nil
        let result = compute(product, a, b, bias, fused, format, operation: operation, at: site)
        let output =
            isRecorded ? recording(result, as: product, a, b, bias, fused, format, operation: operation) : result
        guard let activation, !isFused, let site else { return output }
        return output.applying(activation, file: site.file, line: site.line)
    }

    private func compute(
        _ product: ConvolutionProduct,
        _ a: Tensor,
        _ b: Tensor,
        _ bias: Tensor?,
        _ activation: Activation?,
        _ format: MemoryFormat,
        operation: StaticString,
        at site: CallSite?
    ) -> Tensor {
        if product == .weight { return weightGradient(a, b, operation: operation, at: site) }
        return self.product(
            isTransposed: product == .input,
            a,
            b,
            bias,
            activation,
            format,
            operation: operation,
            at: site
        )
    }

    private func recording(
        _ result: Tensor,
        as product: ConvolutionProduct,
        _ a: Tensor,
        _ b: Tensor,
        _ bias: Tensor?,
        _ activation: Activation?,
        _ format: MemoryFormat,
        operation: StaticString
    ) -> Tensor {
        let convolution = self
        @Sendable func give(_ gradient: Tensor, _ step: BackwardStep) {
            let gradient = activation == nil ? gradient : step.beforeActivation(gradient)
            func derivative(_ product: ConvolutionProduct, _ a: Tensor, _ b: Tensor) -> Tensor {
                convolution.recorded(product, a, b, format, operation: operation, at: nil)
            }
            let (a, b) = (step[0], step[1])
            switch product {
            case .output:
                step.give(0, derivative(.input, gradient, b))
                step.give(1, derivative(.weight, gradient, a))
            case .input:
                step.give(0, derivative(.output, gradient, b))
                step.give(1, derivative(.weight, a, gradient))
            case .weight:
                step.give(0, derivative(.output, b, gradient))
                step.give(1, derivative(.input, a, gradient))
            }
            if step.inputCount > 2 {
                step.give(2, gradient.sumOfChannels())
            }
        }
        let family: KernelFamily = product == .weight ? .convolutionWeight : .convolution
        let recorded = RecordedOperation(activation?.family ?? family, result.dtype)
        let attributes = OperationAttributes(activation: activation)
        let saved = activation == nil ? nil : result
        if let bias {
            return .recorded(
                recorded,
                result,
                from: a,
                b,
                bias,
                savingLast: false,
                saving: saved,
                attributes: attributes,
                rule: give
            )
        }
        return .recorded(
            recorded,
            result,
            from: a,
            b,
            savingInputs: true,
            saving: saved,
            attributes: attributes,
            rule: give
        )
    }
}

extension Tensor {
    /// The sums of the channels of images over all else, shape [channels]: always in the order in which they are read
    /// quickest where channels vary fastest, so that the bits do not depend on how they lie.
    fileprivate func sumOfChannels() -> Tensor {
        let spatial = Array(2..<rank)
        let positions = spatial.reduce(extent(0)) { $0 * extent($1) }
        return contiguous(.channelsLast, at: nil).permuted([0] + spatial + [1]).reshaped([positions, extent(1)])
            .sum(axis: 0)
    }
}
