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
        let layout = Layout(rowMajor: shape)
        return layout.isAddressable(operation: operation, at: site) ? layout : nil
    }

    /// Whether a tensor may have these sizes, which an operation made out of others; refuses if there are too many
    /// elements to be addressed, sizes of 0 left out.
    package func isAddressable(operation: StaticString, at site: CallSite?) -> Bool {
        if checkedByteCount(.bool) != nil { return true }
        refuse(operation, "shape \(shape) has more elements than can be addressed", at: site)
        return false
    }
}
