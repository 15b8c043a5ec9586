import WeftRuntime

extension KernelFamily {
    fileprivate static let weightedChoice = KernelFamily("weighted_choice")
    fileprivate static let smallestKeys = KernelFamily("smallest_keys")
}

extension Tensor {
    /// `count` random places along the last dimension, each chosen with a probability in proportion to its weight in this
    /// tensor, [n] or [rows, n]; int64, of shape [count] or [rows, count], in the order of the draws. The weights need
    /// not add up to 1.
    ///
    /// With replacement every draw is from all places, by the running sum of the weights in float64. Without, no place
    /// comes twice, and each draw is from those that are left: places are ordered by exponential waiting times whose
    /// rates are the weights (Efraimidis and Spirakis, "Weighted random sampling with a reservoir", 2006).
    ///
    /// Refused for other ranks and dtypes than floating point, a `count` below 1, weights that are negative, infinite or
    /// NaN, or whose sum in a row is 0 or not finite; and without replacement if `count` is more than the places, or than
    /// a row's positive weights.
    ///
    /// - Parameter generator: by default the current task's.
    public func multinomial(
        _ count: Int,
        replacement: Bool = false,
        generator: RandomGenerator? = nil,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let site = CallSite(file, line)
        var target = layout.rowMajor
        if rank > 0 { target.setDimension(rank - 1, size: Swift.max(count, 0), stride: 1) }
        target = target.rowMajor
        let standIn = Tensor(standIn: target, dtype: .int64)
        if isFailed { return standIn }
        func refused(_ problem: String) -> Tensor {
            refuse("multinomial", problem, at: site)
            return standIn
        }
        guard rank == 1 || rank == 2, dtype.isFloatingPoint else {
            return refused(
                "floating-point weights of shape [n] or [rows, n] are wanted, not \(dtype) of shape \(shape)"
            )
        }
        guard count > 0 else { return refused("at least one place is to be chosen, not \(count)") }
        let places = extent(rank - 1)
        guard replacement || count <= places else {
            return refused("\(count) different places cannot be chosen of \(places)")
        }
        guard self.count > 0 else {
            return places > 0
                ? Tensor(zeros: target.shape, dtype: .int64) : refused("there are no places to choose from")
        }
        let rows = self.count / places
        let weights = detached().converted(to: .float64, at: site).reshaped(to: Layout(rowMajor: [rows, places]))
            .contiguous(at: site)
        let sums = weights.cumulativeSum(axis: 1, file: file, line: line)
        if sums.isFailed { return standIn }
        // NaN fails every comparison.
        let (low, high) = (weights.min().item(), weights.max().item())
        guard low >= 0, high < .infinity else {
            return refused("weights must be finite and not negative, but there is \(low >= 0 ? high : low)")
        }
        let totals = sums[0..., -1]
        guard totals.min().item() > 0, totals.max().item() < .infinity else {
            return refused("the weights of a row must have a positive, finite sum")
        }
        let chosen: Tensor
        if replacement {
            chosen = Tensor.chosen(by: sums, count, rows, places, generator, at: site)
        } else {
            let positive = (weights .> 0).sum(axis: 1).min().item(as: Int.self)
            guard positive >= count else {
                return refused("\(count) different places cannot be chosen where only \(positive) weights are positive")
            }
            chosen = weights.chosenOnce(count, rows, places, generator, at: site)
        }
        return chosen.isFailed ? standIn : chosen.reshaped(to: target)
    }

    /// With replacement, from the running sums of the weights.
    private static func chosen(
        by sums: Tensor,
        _ count: Int,
        _ rows: Int,
        _ places: Int,
        _ generator: RandomGenerator?,
        at site: CallSite
    ) -> Tensor {
        let numbers = Tensor(
            uniform: [rows, count],
            dtype: .float64,
            generator: generator,
            file: site.file,
            line: site.line
        )
        let result = uninitialized(like: numbers, dtype: .int64, operation: "multinomial", at: site)
        guard !numbers.isFailed, !result.isFailed, let handle = KernelFamily.weightedChoice[.float64] else {
            return .failed(like: result)
        }
        var launch = Launch(
            handle,
            shape: [rows, count, places, 1, 1, 1, 1, 1],
            rank: 3,
            items: rows * count,
            nanosecondsPerItem: Double(places.bitWidth - places.leadingZeroBitCount) * 2
        )
        launch.append(result, strides: [count, 1, 0, 0, 0, 0, 0, 0])
        launch.append(sums, strides: [places, 0, 1, 0, 0, 0, 0, 0])
        launch.append(numbers, strides: [count, 1, 0, 0, 0, 0, 0, 0])
        runWithoutScratch(&launch)
        withExtendedLifetime((result, sums, numbers)) {}
        return result
    }

    /// Without replacement, from the weights.
    private func chosenOnce(
        _ count: Int,
        _ rows: Int,
        _ places: Int,
        _ generator: RandomGenerator?,
        at site: CallSite
    ) -> Tensor {
        let numbers = Tensor(
            uniform: [rows, places],
            dtype: .float64,
            generator: generator,
            file: site.file,
            line: site.line
        )
        // Logarithms of numbers in (0, 1], so that they are finite. What has no weight never comes.
        let times = -(1 - numbers).log() / self
        let waits = `where`(self .> 0, times, Tensor(Double.infinity, dtype: .float64))
        let layout = Layout(rowMajor: [rows, count])
        let result = Tensor.uninitialized(like: layout, dtype: .int64, operation: "multinomial", at: site)
        guard !waits.isFailed, !result.isFailed, let handle = KernelFamily.smallestKeys[.float64] else {
            return .failed(like: result)
        }
        var launch = Launch(
            handle,
            shape: [rows, places, count, 1, 1, 1, 1, 1],
            rank: 3,
            items: rows,
            nanosecondsPerItem: Double(places) * 2
        )
        launch.append(result, strides: [count, 0, 1, 0, 0, 0, 0, 0])
        launch.append(waits, strides: [places, 1, 0, 0, 0, 0, 0, 0])
        Tensor.runWithoutScratch(&launch)
        withExtendedLifetime((result, waits)) {}
        return result
    }
}
