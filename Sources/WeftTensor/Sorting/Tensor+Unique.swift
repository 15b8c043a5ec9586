import WeftRuntime

extension Tensor {
    /// The different elements, ascending; for each of this tensor's elements, in its shape, the place of its like among
    /// them; and how often each occurs. Every NaN is an element of its own.
    public func unique(
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> (values: Tensor, inverse: Tensor, counts: Tensor) {
        let call = Call("unique", file, line)
        let elements = detached().flattened()
        do throws(Refusal) {
            let order = try elements.places(inOrderAlong: 0, descending: false, call)
            let sorted = elements.gathered(axis: 0, order)
            let runs = Runs(starts: sorted.startsRun(axis: 0), order: order, at: call.site)
            let values = sorted.selecting(runs.firsts, axis: 0, at: call.site)
            return (values, runs.inverse.reshaped(to: layout.rowMajor), runs.counts)
        } catch {
            return (elements, Tensor(standIn: layout, dtype: .int64), Tensor(standIn: elements.layout, dtype: .int64))
        }
    }

    /// The different slices along `axis`, ordered by their first elements, of those that are equal in these by their
    /// second, and so on; for each slice the place of its like among them; and how often each occurs.
    public func unique(
        axis: Int,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> (values: Tensor, inverse: Tensor, counts: Tensor) {
        let call = Call("unique", file, line)
        do throws(Refusal) {
            let axis = try call.axis(axis, of: self)
            guard rank > 0 else {
                return (detached(), Tensor(zeros: [1], dtype: .int64), Tensor(ones: [1], dtype: .int64))
            }
            let length = extent(axis)
            let width = (0..<rank).reduce(1) { $1 == axis ? $0 : $0 * extent($1) }
            try call.require(
                width > 0 || length == 0,
                "slices of shape \(shape) along axis \(axis) have no elements to tell them apart"
            )
            let front = [axis] + (0..<rank).filter { $0 != axis }
            let slices = detached().permutedUnchecked(front).reshaped(to: Layout(rowMajor: [length, width]))
            var order = Tensor(arange: 0..<length)
            // Sorted by the last column first: each later sort keeps the order of what it finds equal.
            for column in (0..<width).reversed() {
                let keys = slices.sliced(axis: 1, start: column, count: 1).flattened().gathered(axis: 0, order)
                order = order.gathered(axis: 0, try keys.places(inOrderAlong: 0, descending: false, call))
            }
            let sorted = slices.selecting(order, axis: 0, at: call.site)
            let starts = sorted.startsRun(axis: 0).any(axis: 1)
            let runs = Runs(starts: starts, order: order, at: call.site)
            let values = selecting(order.gathered(axis: 0, runs.firsts), axis: axis, at: call.site)
            return (values.detached(), runs.inverse, runs.counts)
        } catch {
            let counts = Tensor(standIn: Layout(), dtype: .int64)
            return (Tensor(standIn: layout, dtype: dtype), counts, counts)
        }
    }
}

/// Runs of equal elements in a sorted row.
private struct Runs {
    /// Where each run begins.
    let firsts: Tensor
    let counts: Tensor
    /// For each place before sorting the number of its run.
    let inverse: Tensor

    init(starts: Tensor, order: Tensor, at site: CallSite?) {
        let length = order.count
        firsts = starts.truePositions(at: site)
        let number = firsts.count
        let next =
            number == 0
            ? firsts
            : concatenated([firsts.sliced(axis: 0, start: 1, count: number - 1), Tensor([length])], axis: 0)
        counts = next - firsts
        let numbers = starts.cumulativeSum(axis: 0) - 1
        inverse = numbers.scatter(axis: 0, order, numbers)
    }
}
