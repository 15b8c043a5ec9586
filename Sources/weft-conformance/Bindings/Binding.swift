import Weft

/// Forms that many bindings share.
extension ConformanceSuite {
    /// A function of one tensor.
    static func unary(_ function: @escaping @Sendable (Tensor) -> Tensor) -> CaseOperation {
        { [function(try $0.tensor(0, "input"))] }
    }

    /// A function of two tensors, the second of which may be a number, or the first.
    static func binary(_ function: @escaping @Sendable (Tensor, Tensor) -> Tensor) -> CaseOperation {
        { arguments in
            if !arguments.isTensor(0, "input") {
                let other = try arguments.tensor(1, "other")
                return [function(try arguments.operand(0, "input", beside: other), other)]
            }
            let input = try arguments.tensor(0, "input")
            return [function(input, try arguments.operand(1, "other", beside: input))]
        }
    }

    /// A function of two tensors, neither of which may be a number.
    static func tensors(_ function: @escaping @Sendable (Tensor, Tensor) -> Tensor) -> CaseOperation {
        { arguments in [function(try arguments.tensor(0, "input"), try arguments.tensor(1, "other"))] }
    }

    /// A function of a tensor and another or a number.
    static func byNumber(_ function: @escaping @Sendable (Tensor, Tensor) -> Tensor) -> CaseOperation {
        { arguments in
            let input = try arguments.tensor(0, "input")
            return [function(input, try arguments.operand(1, "other", beside: input))]
        }
    }

    /// A reduction along axes, all if there are none, that may keep dimensions.
    static func reduction(_ function: @escaping @Sendable (Tensor, [Int]?, Bool) throws -> Tensor) -> CaseOperation {
        { arguments in
            let input = try arguments.tensor(0, "input")
            let axes = try namedAxes(arguments)
            return [try function(input, axes, try arguments.bool(2, "keepdim", or: false))]
        }
    }
}

extension CaseArguments {
    /// Sizes of windows: one number for all dimensions or one for each; nil if absent or empty.
    func sizes(_ place: Int, _ name: String) throws -> SpatialSizes? {
        guard has(place, name) else { return nil }
        let numbers = try intOrInts(place, name)
        return numbers.isEmpty ? nil : numbers.count == 1 ? SpatialSizes(numbers[0]) : SpatialSizes(numbers)
    }
}
