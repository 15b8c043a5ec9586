import WeftRuntime

/// Which of a grid's dimensions the first two coordinates run along.
public enum MeshOrder: Sendable, Hashable {
    /// The first along the first dimension, as the rows and columns of a matrix.
    case matrix
    /// The first along the second, as x and y of an image.
    case cartesian
}

/// For vectors of coordinates, one for each dimension of a grid, their values at all points of the grid: as many
/// tensors of the grid's shape, which repeat the vectors without a copy. Scalars count as vectors. Refused without any,
/// and for more than one dimension.
public func meshgrid(
    _ coordinates: [Tensor],
    order: MeshOrder = .matrix,
    file: StaticString = #fileID,
    line: UInt = #line
) -> [Tensor] {
    let dtype = coordinates.first?.dtype ?? .float32
    return Call("meshgrid", file, line).checkedList(standIns: coordinates.count, of: Layout(), dtype) {
        call throws(Refusal) in
        try call.require(!coordinates.isEmpty, "there are no coordinates")
        for vector in coordinates {
            try call.require(vector.rank <= 1, "vectors of coordinates are wanted, not shape \(vector.shape)")
        }
        var axes = Array(coordinates.indices)
        if order == .cartesian, axes.count > 1 { axes.swapAt(0, 1) }
        let grid = try call.layout(axes.map { coordinates[$0].count })
        return coordinates.indices.map { place in
            // A swap of two is its own reverse.
            var sizes = coordinates.map { _ in 1 }
            sizes[axes[place]] = coordinates[place].count
            return coordinates[place].reshaped(to: Layout(rowMajor: sizes)).expanded(to: grid)
        }
    }
}
