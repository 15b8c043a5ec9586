/// A shape as the messages show it: `[2, 3]`.
package func describe(_ layout: Layout) -> String { "\(layout.shape)" }

extension Layout {
    /// A row-major layout for a shape that a user gave; nil, after refusing, if there is no such tensor.
    package static func checked(_ shape: [Int], operation: StaticString, at site: CallSite?) -> Layout? {
        guard shape.count <= maximumRank else {
            refuse(
                operation,
                "a tensor has at most \(maximumRank) dimensions, shape \(shape) has \(shape.count)",
                at: site
            )
            return nil
        }
        guard shape.allSatisfy({ $0 >= 0 }) else {
            refuse(operation, "shape \(shape) has a negative size", at: site)
            return nil
        }
        var count = 8  // The widest element, so that byte counts cannot overflow either.
        for size in shape where size > 0 {
            let (product, overflow) = count.multipliedReportingOverflow(by: size)
            guard !overflow else {
                refuse(operation, "shape \(shape) has more elements than can be addressed", at: site)
                return nil
            }
            count = product
        }
        return Layout(rowMajor: shape)
    }

    /// `axis` counted from the front, where a negative one counts from the back; nil, after refusing, if there
    /// is no such axis. A scalar is treated as having one dimension, as PyTorch does.
    package func checkedAxis(_ axis: Int, operation: StaticString, at site: CallSite?) -> Int? {
        let rank = max(self.rank, 1)
        guard axis >= -rank, axis < rank else {
            refuse(
                operation,
                "axis \(axis) is out of range for shape \(describe(self)): -\(rank) ... \(rank - 1) are valid",
                at: site
            )
            return nil
        }
        return axis < 0 ? axis + rank : axis
    }
}
