import Weft

/// Functions of each element.
extension ConformanceSuite {
    static let unaryFunctions: [String: CaseOperation] = [
        "abs": unary { $0.abs() },
        "acos": unary { $0.acos() },
        "acosh": unary { $0.acosh() },
        "asin": unary { $0.asin() },
        "asinh": unary { $0.asinh() },
        "atan": unary { $0.atan() },
        "atanh": unary { $0.atanh() },
        "bitwise_not": unary { $0.bitwiseNot() },
        "ceil": unary { $0.ceil() },
        "cos": unary { $0.cos() },
        "cosh": unary { $0.cosh() },
        "digamma": unary { $0.digamma() },
        "erf": unary { $0.erf() },
        "erfc": unary { $0.erfc() },
        "erfinv": unary { $0.erfinv() },
        "exp": unary { $0.exp() },
        "exp2": unary { $0.exp2() },
        "expm1": unary { $0.expm1() },
        "floor": unary { $0.floor() },
        "frac": unary { $0.frac() },
        "isfinite": unary { $0.isFinite() },
        "isinf": unary { $0.isInfinite() },
        "isnan": unary { $0.isNaN() },
        "isneginf": unary { $0.isNegativeInfinity() },
        "isposinf": unary { $0.isPositiveInfinity() },
        "lgamma": unary { $0.lgamma() },
        "log": unary { $0.log() },
        "log10": unary { $0.log10() },
        "log1p": unary { $0.log1p() },
        "log2": unary { $0.log2() },
        "logical_not": unary { $0.logicalNot() },
        "logit": { a in [try a.tensor(0, "input").logit(epsilon: try a.optionalDouble(1, "eps"))] },
        "nan_to_num": { a in
            [
                try a.tensor(0, "input").nanToNum(
                    nan: try a.double(1, "nan", or: 0),
                    positiveInfinity: try a.optionalDouble(2, "posinf"),
                    negativeInfinity: try a.optionalDouble(3, "neginf")
                )
            ]
        },
        "neg": unary { -$0 },
        "reciprocal": unary { $0.reciprocal() },
        "round": unary { $0.round() },
        "round.decimals_0": rounded,
        "round.decimals_3": rounded,
        "round.decimals_neg_3": rounded,
        "rsqrt": unary { $0.rsqrt() },
        "sigmoid": unary { $0.sigmoid() },
        "sign": unary { $0.sign() },
        "sin": unary { $0.sin() },
        "sinc": unary { $0.sinc() },
        "sinh": unary { $0.sinh() },
        "sqrt": unary { $0.sqrt() },
        "square": unary { $0.square() },
        "tan": unary { $0.tan() },
        "tanh": unary { $0.tanh() },
        "trunc": unary { $0.trunc() },
    ]

    private static let rounded: CaseOperation = { a in
        [try a.tensor(0, "input").round(decimals: try a.int(1, "decimals", or: 0))]
    }
}
