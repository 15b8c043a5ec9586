import Weft

/// Functions of the elements of two or three tensors.
extension ConformanceSuite {
    static let arithmetic: [String: CaseOperation] = [
        "add": scaled { $0 + $1 },
        "sub": scaled { $0 - $1 },
        "mul": binary { $0 * $1 },
        "div.no_rounding_mode": binary { $0 / $1 },
        "true_divide": binary { $0 / $1 },
        "maximum": binary { .maximum($0, $1) },
        "minimum": binary { .minimum($0, $1) },
        "max.binary": binary { .maximum($0, $1) },
        "min.binary": binary { .minimum($0, $1) },
        "addcmul": { a in
            let input = try a.tensor(0, "input")
            return [
                addcmul(
                    input,
                    try a.tensor(1, "tensor1"),
                    try a.tensor(2, "tensor2"),
                    value: try a.double(3, "value", or: 1)
                )
            ]
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
}
