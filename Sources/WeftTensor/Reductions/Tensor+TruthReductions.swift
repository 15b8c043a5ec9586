import WeftRuntime

/// Whether elements are 0, counted along `axes`, all of them if none are named, which disappear from the shape or stay
/// with size 1 if `keepDims`. NaN is not 0.
extension Tensor {
    /// Whether all elements along `axes` are not 0, bool; true of none.
    public func all(
        axes: [Int]? = nil,
        keepDims: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        counted(Axes(axes), keepDims, zeros: true, .bool, Call("all", file, line)) { $0 .== 0 }
    }

    /// Whether all elements along `axis` are not 0, bool; true of none.
    public func all(axis: Int, keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        counted(.one(axis), keepDims, zeros: true, .bool, Call("all", file, line)) { $0 .== 0 }
    }

    /// Whether any element along `axes` is not 0, bool; false of none.
    public func any(
        axes: [Int]? = nil,
        keepDims: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        counted(Axes(axes), keepDims, zeros: false, .bool, Call("any", file, line)) { $0 .!= 0 }
    }

    /// Whether any element along `axis` is not 0, bool; false of none.
    public func any(axis: Int, keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        counted(.one(axis), keepDims, zeros: false, .bool, Call("any", file, line)) { $0 .!= 0 }
    }

    /// How many elements along `axes` are not 0, int64.
    public func countNonzero(
        axes: [Int]? = nil,
        keepDims: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        counted(Axes(axes), keepDims, zeros: false, .int64, Call("countNonzero", file, line)) { $0 }
    }

    /// What `judge` makes of the number of elements along `axes` that are 0, or that are not.
    private func counted(
        _ axes: Axes,
        _ keepDims: Bool,
        zeros: Bool,
        _ dtype: DType,
        _ call: Call,
        by judge: (Tensor) -> Tensor
    ) -> Tensor {
        reduced(over: axes, keepDims, dtype, call) { axes throws(Refusal) in
            let truth = detached().converted(to: .bool, at: call.site)
            let wanted = zeros ? truth.logicalNot() : truth
            return judge(wanted.summed(over: axes, keepDims: keepDims, at: call.site))
        }
    }
}
