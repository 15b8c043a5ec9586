import Weft

/// Functions of the elements of two or three tensors.
extension ConformanceSuite {
    static let arithmetic: [String: CaseOperation] = [
        "add": scaled { $0 + $1 },
        "sub": scaled { $0 - $1 },
        "mul": binary { $0 * $1 },
        "div.no_rounding_mode": binary { $0 / $1 },
        "true_divide": binary { $0 / $1 },
        "maximum": tensors { .maximum($0, $1) },
        "minimum": tensors { .minimum($0, $1) },
        "max.binary": tensors { .maximum($0, $1) },
        "min.binary": tensors { .minimum($0, $1) },
        "fmax": tensors { .fmax($0, $1) },
        "fmin": tensors { .fmin($0, $1) },
        "atan2": tensors { $0.atan2($1) },
        "hypot": tensors { $0.hypot($1) },
        "heaviside": tensors { $0.heaviside($1) },
        "logaddexp": tensors { $0.logAddExp($1) },
        "logaddexp2": tensors { $0.logAddExp2($1) },
        "copysign": byNumber { $0.copySign($1) },
        "fmod": byNumber { $0.fmod($1) },
        "remainder": binary { $0.remainder($1) },
        "floor_divide": binary { $0.floorDivide($1) },
        "div.floor_rounding": { a in try divided(a, "floor") { $0.floorDivide($1) } },
        "div.trunc_rounding": { a in try divided(a, "trunc") { $0.truncDivide($1) } },
        "pow": binary { $0.pow($1) },
        "float_power": binary { $0.floatPower($1) },
        "xlogy": binary { $0.xlogy($1) },
        "bitwise_and": binary { $0.bitwiseAnd($1) },
        "bitwise_or": binary { $0.bitwiseOr($1) },
        "bitwise_xor": binary { $0.bitwiseXor($1) },
        "isclose": { a in
            [
                try a.tensor(0, "input").isClose(
                    try a.tensor(1, "other"),
                    relativeTolerance: try a.double(2, "rtol", or: 1e-5),
                    absoluteTolerance: try a.double(3, "atol", or: 1e-8),
                    equalNaN: try a.bool(4, "equal_nan", or: false)
                )
            ]
        },
        "clamp": { a in
            let input = try a.tensor(0, "input")
            return [
                input.clamp(
                    min: try a.has(1, "min") ? a.operand(1, "min", beside: input) : nil,
                    max: try a.has(2, "max") ? a.operand(2, "max", beside: input) : nil
                )
            ]
        },
        "clamp_max": byNumber { $0.clamp(max: $1) },
        "clamp_min": byNumber { $0.clamp(min: $1) },
        "lerp": { a in
            let (input, end) = (try a.tensor(0, "input"), try a.tensor(1, "end"))
            return a.isTensor(2, "weight")
                ? [input.lerp(end, weight: try a.tensor(2, "weight"))]
                : [input.lerp(end, weight: try a.double(2, "weight"))]
        },
        "addcdiv": { a in
            let value = try a.double(3, "value", or: 1)
            return [
                addcdiv(
                    try a.tensor(0, "input"),
                    try a.tensor(1, "tensor1"),
                    try a.tensor(2, "tensor2"),
                    value: value
                )
            ]
        },
        "addcmul": { a in
            let (input, first) = (try a.tensor(0, "input"), try a.tensor(1, "tensor1"))
            let second = try a.tensor(2, "tensor2")
            // A whole number keeps integers what they are.
            guard a.has(3, "value") else { return [addcmul(input, first, second)] }
            if case .value(.float) = a.raw(3, "value") {
                return [addcmul(input, first, second, value: try a.double(3, "value"))]
            }
            return [addcmul(input, first, second, value: try a.int(3, "value"))]
        },
        "where": { a in
            // The database's first input is the condition's successor.
            let first = try a.tensor(0, "input")
            let condition = try a.tensor(1, "condition")
            return [`where`(condition, first, try a.operand(2, "other", beside: first))]
        },
    ]

    /// With `alpha`, by which the second operand is multiplied.
    private static func scaled(_ function: @escaping @Sendable (Tensor, Tensor) -> Tensor) -> CaseOperation {
        { arguments in
            let input = try arguments.tensor(0, "input")
            var other = try arguments.operand(1, "other", beside: input)
            if arguments.has(2, "alpha") {
                other = other * (try arguments.operand(2, "alpha", beside: other))
            }
            return [function(input, other)]
        }
    }

    /// A division to whole numbers, which is asked for by `mode`.
    private static func divided(
        _ arguments: CaseArguments,
        _ mode: String,
        _ function: (Tensor, Tensor) -> Tensor
    ) throws -> [Tensor] {
        let input = try arguments.tensor(0, "input")
        let other = try arguments.operand(1, "other", beside: input)
        guard try arguments.string(2, "rounding_mode") == mode else { throw CaseError("another rounding mode") }
        return [function(input, other)]
    }
}
