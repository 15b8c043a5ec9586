import WeftRuntime

/// An activation function that a kernel of its own computes, by numbers that say which of a family of functions it is.
struct ActivationCurve: Sendable {
    let kernel: KernelFamily
    let backward: KernelFamily
    /// What `gradFn` shows where the kernel's name would say too little.
    var name = RecordedOperation.Name.byKernel
    /// The kernel's numbers, as its comment has them.
    var numbers: [Double] = []
    /// The derivative in operations that can be differentiated again; nil where it is constant but for kinks.
    var slope: (@Sendable (_ x: Tensor) -> Tensor)?
}

extension Tensor {
    /// The values of a function, recorded.
    func applying(_ curve: ActivationCurve, _ call: Call) -> Tensor {
        let input = floatingPoint(at: call.site)
        return .recorded(
            RecordedOperation(curve.kernel, input.dtype, derivative: curve.backward, named: curve.name),
            .launch(curve, curve.kernel, input, nil, call),
            from: input,
            savingInput: true
        ) { gradient, step in
            let x = step[0]
            func fused(_ gradient: Tensor) -> Tensor {
                .launch(curve, curve.backward, gradient, x, Call("backward", at: nil))
            }
            if !GradientMode.isEnabled {
                step.give(0, fused(gradient))
            } else if let slope = curve.slope {
                step.give(0, gradient * slope(x))
            } else {
                let ones = Tensor.filled(x.layout.rowMajor, 1.0, dtype: x.dtype, at: nil)
                step.give(0, gradient * fused(ones))
            }
        }
    }

    /// Runs a kernel with numbers over `a`, and over `b` of the same shape; not recorded.
    private static func launch(
        _ curve: ActivationCurve,
        _ family: KernelFamily,
        _ a: Tensor,
        _ b: Tensor?,
        _ call: Call
    ) -> Tensor {
        if a.isFailed || b?.isFailed == true { return Tensor(standIn: a.layout, dtype: a.dtype) }
        guard let handle = family[a.dtype] else { return refuseDType(family, a, at: call.site) }
        let output = uninitialized(like: a, dtype: a.dtype, operation: call.operation, at: call.site)
        if output.isFailed { return output }
        let operands: InlineArray<3, Layout> = [output.layout, a.layout, (b ?? a).layout]
        var space = IterationSpace<3>()
        for axis in 0..<output.rank {
            space.append(size: output.extent(axis)) { operands[$0].strides[axis] }
        }
        var launch = Launch(
            handle,
            shape: space.sizes,
            rank: space.rank,
            items: output.count,
            nanosecondsPerItem: PointwiseCost.transcendental
        )
        launch.append(output, strides: space.strides[0])
        launch.append(a, strides: space.strides[1])
        if let b { launch.append(b, strides: space.strides[2]) }
        for (index, number) in curve.numbers.enumerated() {
            if index < 6 {
                launch.setNumber(index, number)
            } else {
                launch.setInteger(index - 6, Int(truncatingIfNeeded: number.bitPattern))
            }
        }
        launch.chunkMultiple = 64
        launch.streamBeyondCaches(byteCount: output.count * output.dtype.size * (b == nil ? 2 : 3))
        runWithoutScratch(&launch)
        withExtendedLifetime((output, a, b)) {}
        return output
    }
}
