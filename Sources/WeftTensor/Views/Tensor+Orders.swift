import WeftRuntime

/// The same elements in another order along axes.
extension Tensor {
    /// In the opposite order along `axes`, copied. Refused for axes that there are not, or that are named twice.
    public func flipped(axes: [Int], file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        Call("flipped", file, line).checked(standIn: layout, dtype) { call throws(Refusal) in
            flipped(over: try call.axes(.several(axes), of: self))
        }
    }

    /// Columns in the opposite order. Refused for tensors with fewer than two dimensions.
    public func flippedLeftRight(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        Call("flippedLeftRight", file, line).checked(standIn: layout, dtype) { call throws(Refusal) in
            try call.require(rank >= 2, "columns are wanted, not shape \(shape)")
            return flipped(over: try call.axes(.one(1), of: self))
        }
    }

    /// Rows in the opposite order. Refused for a scalar.
    public func flippedUpDown(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        Call("flippedUpDown", file, line).checked(standIn: layout, dtype) { call throws(Refusal) in
            try call.require(rank >= 1, "rows are wanted, not a scalar")
            return flipped(over: try call.axes(.one(0), of: self))
        }
    }

    private func flipped(over axes: AxisSet) -> Tensor {
        var turned = layout
        for axis in 0..<rank where axes.contains(axis) && extent(axis) > 1 {
            turned.offset += (extent(axis) - 1) * turned.strides[axis]
            turned.setDimension(axis, size: extent(axis), stride: -turned.strides[axis])
        }
        // No view: kernels that walk their operands fast look forwards.
        let result = Tensor.copy(of: view(turned), at: nil)
        return result.recordedAsView(.flip, of: self, OperationAttributes(axes: axes)) { gradient, step in
            step.give(0, gradient.flipped(over: step.attributes.axes))
        }
    }

    /// Turned by `count` quarters from the first of `axes` towards the second. Refused unless these are two that
    /// differ.
    public func rotated90(
        _ count: Int = 1,
        axes: [Int] = [0, 1],
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        Call("rotated90", file, line).checked(standIn: layout, dtype) { call throws(Refusal) in
            try call.require(axes.count == 2 && rank >= 2, "two axes of two dimensions or more are wanted, not \(axes)")
            let both = try call.axes(.several(axes), of: self)
            let (first, second) = (try call.axis(axes[0], of: self), try call.axis(axes[1], of: self))
            switch count & 3 {
            case 1: return flipped(axes: [second]).transposed(first, second)
            case 2: return flipped(over: both)
            case 3: return flipped(axes: [first]).transposed(first, second)
            default: return self
            }
        }
    }

    /// Moved by `shifts[i]` places along `axes[i]`, where what leaves at one end comes in at the other. Refused unless
    /// there are as many shifts as axes, and for a scalar.
    public func rolled(
        _ shifts: [Int],
        axes: [Int],
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        Call("rolled", file, line).checked(standIn: layout, dtype) { call throws(Refusal) in
            try call.require(
                !shifts.isEmpty && shifts.count == axes.count,
                "shifts \(shifts) do not go with axes \(axes): as many are wanted, one at least"
            )
            try call.require(rank > 0, "a scalar has no axis to move along")
            var result = self
            for (shift, axis) in zip(shifts, axes) {
                let axis = try call.axis(axis, of: self)
                let size = extent(axis)
                guard size > 1, shift % size != 0 else { continue }
                let start = shift % size > 0 ? size - shift % size : -(shift % size)
                let parts = [
                    result.sliced(axis: axis, start: start, count: size - start),
                    result.sliced(axis: axis, start: 0, count: start),
                ]
                result = concatenated(parts, axis: axis)
            }
            return result
        }
    }

    /// All elements, row-major, moved by `shift` places as one ring, in this shape.
    public func rolled(_ shift: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        flattened().rolled([shift], axes: [0], file: file, line: line).reshaped(to: layout.rowMajor)
    }
}
