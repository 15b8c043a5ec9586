import Weft

/// Tensors made anew, and conversions.
extension ConformanceSuite {
    static let creation: [String: CaseOperation] = [
        "zeros": made { a, dtype in Tensor(zeros: try a.ints(0, "size"), dtype: dtype ?? .float32) },
        "ones": made { a, dtype in Tensor(ones: try a.ints(0, "size"), dtype: dtype ?? .float32) },
        "full": made { a, dtype in
            let shape = try a.ints(0, "size")
            return switch a.raw(1, "fill_value") {
            case .value(.int(let value)): Tensor(full: shape, value, dtype: dtype)
            case .value(.bool(let value)): Tensor(full: shape, value, dtype: dtype)
            case .value(.float(let value)): Tensor(full: shape, value, dtype: dtype)
            case let value: throw CaseError("the value is \(String(describing: value))")
            }
        },
        "eye": made { a, dtype in
            Tensor(identity: try a.int(0, "n"), columns: try a.optionalInt(1, "m"), dtype: dtype ?? .float32)
        },
        "arange": made { a, dtype in try arange(a, dtype) },
        "linspace": made { a, dtype in
            let isInteger = dtype == .int64
            func bound(_ place: Int, _ name: String) throws -> Double {
                // PyTorch converts the bounds first.
                isInteger ? try a.double(place, name).rounded(.towardZero) : try a.double(place, name)
            }
            return Tensor(
                linspace: try bound(0, "start"),
                try bound(1, "end"),
                count: try a.int(2, "steps"),
                dtype: dtype ?? .float32
            )
        },
        "to": { a in
            _ = (a.raw(99, "device"), a.raw(99, "copy"), a.raw(99, "non_blocking"))
            let x = try a.tensor(0, "input")
            return [x.to(try a.optionalDType(1, "dtype") ?? x.dtype)]
        },
        "clone": { a in [try a.tensor(0, "input")] },
        "contiguous": { a in [try a.tensor(0, "input").contiguous()] },
    ]

    /// A tensor made of numbers, with the keywords that all such functions have.
    private static func made(_ function: @escaping @Sendable (CaseArguments, DType?) throws -> Tensor) -> CaseOperation
    {
        { a in
            // There is one device and one layout.
            _ = (a.raw(99, "device"), a.raw(99, "layout"))
            let requiresGrad = try a.bool(99, "requires_grad", or: false)
            let result = try function(a, try a.optionalDType(99, "dtype"))
            return [requiresGrad ? result.withRequiresGrad() : result]
        }
    }

    private static func arange(_ a: CaseArguments, _ dtype: DType?) throws -> Tensor {
        // With one argument it is the end.
        let hasStart = a.count > 1 || a.has(99, "end") || a.has(99, "start")
        func isWhole(_ place: Int, _ name: String) -> Bool {
            if case .value(.float) = a.raw(place, name) { false } else { true }
        }
        let places = hasStart ? [(0, "start"), (1, "end"), (2, "step")] : [(99, "start"), (0, "end"), (99, "step")]
        let values = try zip(places, [0.0, 0.0, 1.0]).map { try a.double($0.0.0, $0.0.1, or: $0.1) }
        let isInteger = dtype == .int64 || (dtype == nil && places.allSatisfy { isWhole($0.0, $0.1) })
        guard isInteger else {
            return Tensor(arange: values[0], to: values[1], by: values[2], dtype: dtype ?? .float32)
        }
        // PyTorch converts the bounds first.
        guard let start = Int(exactly: values[0].rounded(.towardZero)),
            let end = Int(exactly: values[1].rounded(.towardZero)),
            let step = Int(exactly: values[2].rounded(.towardZero))
        else { throw CaseError("\(values) are no integers") }
        return Tensor(arange: start, to: end, by: step)
    }
}
