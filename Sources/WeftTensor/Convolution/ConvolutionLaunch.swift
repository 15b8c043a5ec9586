import WeftRuntime

extension KernelFamily {
    static let convolution = KernelFamily("convolution")
    private static let convolutionPack = KernelFamily("convolution_pack")
    static let convolutionWeight = KernelFamily("convolution_weight")

    fileprivate static var pack: KernelFamily { convolutionPack }
}

/// A rough cost of a multiply-add, in nanoseconds on one thread.
private let nanosecondsPerMultiplyAdd = 0.03

extension Convolution {
    /// The output for the input `source`, or with `isTransposed` the input for the output `source`; with `bias` added to its
    /// channels, and `activation` of that. All are of one dtype. Not recorded.
    func product(
        isTransposed: Bool,
        _ source: Tensor,
        _ weight: Tensor,
        _ bias: Tensor?,
        _ activation: Activation?,
        _ format: MemoryFormat,
        operation: StaticString,
        at site: CallSite?
    ) -> Tensor {
        let (layout, dtype) = (isTransposed ? input : output, source.dtype)
        let source = source.contiguous(format, at: site)
        let result = Tensor.uninitialized(like: layout, format, dtype: dtype, operation: operation, at: site)
        if source.isFailed || weight.isFailed || bias?.isFailed == true || result.isFailed {
            return .failed(like: result)
        }
        var table = table(isTransposed: isTransposed, format, weight: weight.layout)
        table.plan(dtype)
        if table.items == 0 { return result }
        let packed = table.isDirect ? nil : pack(weight, table, operation, at: site)
        if packed == nil, !table.isDirect { return .failed(like: result) }
        let window = kernel.reduce(1, *)
        let (sources, results) = isTransposed ? (outputChannels, inputChannels) : (inputChannels, outputChannels)
        let positions = batch * outputSizes.reduce(1, *)
        let hasRun = table.withPointer { pointer in
            let volume = Double(results * window) * Double(sources / groups * positions)
            var launch = Launch(
                KernelFamily.convolution[dtype]!,
                sizes: (results, window, sources / groups, positions),
                items: table.items,
                nanosecondsPerItem: (volume * nanosecondsPerMultiplyAdd + Double(layout.count)) / Double(table.items)
            )
            launch.scratchByteCount = table.scratchByteCount
            launch.append(result.start, 1, 1, 0)
            launch.append(source.start, 1, 1, 0)
            launch.append(packed?.start ?? weight.start, 1, 1, 1)
            launch.append(bias?.start, bias.map { $0.stride(0) } ?? 0, 0, 0)
            launch.append(pointer, 0, 0, 0)
            if let activation { launch.setInteger(0, activation.identifier) }
            return Tensor.run(&launch, operation: operation, at: site)
        }
        withExtendedLifetime((source, packed, bias, weight)) {}
        return hasRun ? result : .failed(like: result)
    }

    /// The weights as the product that `table` tells reads them; nil, after refusing, if there is no memory for them.
    private func pack(
        _ weight: Tensor,
        _ table: ConvolutionTable,
        _ operation: StaticString,
        at site: CallSite?
    ) -> Storage? {
        let storage: Storage
        do throws(OutOfMemory) {
            storage = try Storage(byteCount: table.panels * table.panelElements * max(weight.dtype.size, 4))
        } catch {
            refuse(operation, "\(error)", at: site)
            return nil
        }
        let hasRun = table.withPointer { pointer in
            var launch = Launch(
                KernelFamily.pack[weight.dtype]!,
                sizes: (weight.extent(0), weight.extent(1), kernel.reduce(1, *), 1),
                items: table.panels,
                nanosecondsPerItem: Double(table.panelElements) * PointwiseCost.arithmetic
            )
            launch.append(storage.start, 1, 1, 1)
            launch.append(weight.start, 1, 1, 1)
            launch.append(pointer, 0, 0, 0)
            return Tensor.run(&launch, operation: operation, at: site)
        }
        withExtendedLifetime((storage, weight)) {}
        return hasRun ? storage : nil
    }

    /// The gradient of the weight for the output's gradient and the input, both of one dtype. Not recorded.
    func weightGradient(_ gradient: Tensor, _ input: Tensor, operation: StaticString, at site: CallSite?) -> Tensor {
        let dtype = gradient.dtype
        let group = inputChannels / groups
        let source = input.contiguous(.channelsLast, at: site)
        let gradient = gradient.contiguous(.channelsLast, at: site)
        if source.isFailed || gradient.isFailed { return Tensor(standIn: weight, dtype: dtype) }
        if weight.count == 0 || gradient.count == 0 { return zeroWeight(dtype, operation, at: site) }
        var table = table(isTransposed: false, .channelsLast, weight: weight)
        table.plan(dtype, ofWeights: true)
        let window = kernel.reduce(1, *)
        var parts = Tensor.uninitialized(
            like: Layout(rowMajor: [table.parts, outputChannels, window, group]),
            dtype: dtype.isHalf ? .float32 : dtype,
            operation: operation,
            at: site
        )
        if parts.isFailed { return Tensor(standIn: weight, dtype: dtype) }
        let positions = batch * outputSizes.reduce(1, *)
        let hasRun = table.withPointer { pointer in
            let volume = Double(outputChannels * window) * Double(group * positions)
            var launch = Launch(
                KernelFamily.convolutionWeight[dtype]!,
                sizes: (outputChannels, window, group, positions),
                items: table.items,
                nanosecondsPerItem: volume * nanosecondsPerMultiplyAdd / Double(table.items)
            )
            launch.scratchByteCount = table.scratchByteCount
            launch.append(parts.start, 1, 1, 1)
            launch.append(gradient.start, 1, 1, 0)
            launch.append(source.start, 1, 1, 0)
            launch.append(pointer, 0, 0, 0)
            return Tensor.run(&launch, operation: operation, at: site)
        }
        withExtendedLifetime((source, gradient)) {}
        if !hasRun { return Tensor(standIn: weight, dtype: dtype) }
        if table.parts > 1 {
            var first = AxisSet()
            first.insert(0)
            parts = parts.reduced(.sum, over: first, keepDims: false, combining: .sum, at: site)
        }
        // Channels vary fastest in the sums: they lie as a weight that is channels-last.
        var turned = Layout()
        turned.append(size: outputChannels, stride: window * group)
        turned.append(size: group, stride: 1)
        var stride = window * group
        for size in kernel {
            stride /= size
            turned.append(size: size, stride: stride)
        }
        return parts.isFailed
            ? Tensor(standIn: weight, dtype: dtype)
            : parts.view(turned).contiguous(at: site).converted(to: dtype, at: site)
    }

    private func zeroWeight(_ dtype: DType, _ operation: StaticString, at site: CallSite?) -> Tensor {
        Tensor(zeros: weight.shape, dtype: dtype)
    }
}
