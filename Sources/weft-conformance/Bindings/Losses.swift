import Weft

/// Loss functions.
extension ConformanceSuite {
    static let losses: [String: CaseOperation] = [
        "nn.functional.mse_loss": { a in
            let (input, target) = (try a.tensor(0, "input"), try a.tensor(1, "target"))
            return [mse(input, target, reduction: try reduction(a))]
        }
    ]

    /// How a loss is reduced: its argument is always given by keyword.
    static func reduction(_ a: CaseArguments) throws -> Reduction {
        switch try a.string(99, "reduction", or: "mean") {
        case "none": .none
        case "sum": .sum
        default: .mean
        }
    }
}
