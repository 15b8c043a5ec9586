import Weft

/// Functions of each element.
extension ConformanceSuite {
    static let unaryFunctions: [String: CaseOperation] = [
        "abs": unary { $0.abs() },
        "erf": unary { $0.erf() },
        "exp": unary { $0.exp() },
        "log": unary { $0.log() },
        "logical_not": unary { $0.logicalNot() },
        "neg": unary { -$0 },
        "reciprocal": unary { $0.reciprocal() },
        "sigmoid": unary { $0.sigmoid() },
        "sign": unary { $0.sign() },
        "sqrt": unary { $0.sqrt() },
        "square": unary { $0.square() },
        "tanh": unary { $0.tanh() },
    ]
}
