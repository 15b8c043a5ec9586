import WeftRuntime

/// How the elements between those of a tensor are made up when it is resampled.
public enum InterpolationMode: Sendable, Hashable {
    /// The element whose place, rounded down, is nearest: as in PyTorch, which has it from OpenCV.
    case nearest
    /// The element whose middle is nearest.
    case nearestExact
    /// By straight lines between neighbours, in one dimension.
    case linear
    /// The same in two dimensions.
    case bilinear
    /// By cubic polynomials through four neighbours, in each of two dimensions (Keys, "Cubic convolution interpolation for
    /// digital image processing", 1981).
    case bicubic
    /// By straight lines in three dimensions.
    case trilinear
    /// Means of the elements that each place covers, as `adaptiveAvgPool2d`.
    case area

    /// The number of spatial dimensions; nil for any from one to three.
    var spatialRank: Int? {
        switch self {
        case .linear: 1
        case .bilinear, .bicubic: 2
        case .trilinear: 3
        case .nearest, .nearestExact, .area: nil
        }
    }

    /// Whether it makes a difference where corners are.
    var alignsCorners: Bool { spatialRank != nil }
}

/// The tables of one dimension that is resampled. Places and weights are computed in the numbers that PyTorch computes them
/// in, `Real`: of float32 and narrower elements float32.
struct ResampledAxis<Real: BinaryFloatingPoint> {
    let input: Int
    let output: Int
    /// What a user asked the size to be multiplied by; nil where the sizes decide.
    let factor: Double?
    var alignCorners = false

    /// From one output to the next, in elements of the input.
    private var scale: Real {
        if alignCorners { return output > 1 ? Real(input - 1) / Real(output - 1) : 0 }
        if let factor, factor > 0 { return Real(1 / factor) }
        return Real(input) / Real(output)
    }

    /// Where the middle of an output's place lies.
    private func middle(of place: Int, _ scale: Real) -> Real {
        alignCorners ? scale * Real(place) : scale * (Real(place) + 0.5) - 0.5
    }

    /// The place below each output's, or with `exact` the one whose middle is nearest. As in PyTorch, places are rounded to
    /// float32 before they are rounded down; and in planes (`isPlane`), but for `exact`, equal and doubled sizes are told from
    /// the sizes whatever the factor.
    func nearest(exact: Bool, isPlane: Bool) -> WindowAxis {
        if isPlane, !exact, input == output { return WindowAxis(unchanged: input) }
        var axis = WindowAxis(input: input)
        let scale = scale
        for place in 0..<output {
            let at = exact ? Float(Double(middle(of: place, scale)) + 0.5) : Float(Real(place) * scale)
            let source = isPlane && !exact && output == 2 * input ? place / 2 : Int(at.rounded(.down))
            axis.append(Swift.min(source, input - 1))
            axis.endOutput()
        }
        return axis
    }

    func linear() -> WindowAxis {
        // Whatever the factor, as in PyTorch.
        if input == output { return WindowAxis(unchanged: input) }
        var axis = WindowAxis(input: input, weighted: true)
        let scale = scale
        for place in 0..<output {
            let middle = Swift.max(middle(of: place, scale), 0)
            let first = Swift.min(Int(middle), input - 1)
            let share = Swift.min(Swift.max(middle - Real(first), 0), 1)
            axis.append(first, weight: Double(1 - share))
            axis.append(Swift.min(first + 1, input - 1), weight: Double(share))
            axis.endOutput()
        }
        return axis
    }

    func cubic() -> WindowAxis {
        var axis = WindowAxis(input: input, weighted: true)
        let scale = scale
        let a = Real(-0.75)
        for place in 0..<output {
            let middle = middle(of: place, scale)
            let first = Swift.min(Int(middle.rounded(.down)), input - 1)
            let t = Swift.min(Swift.max(middle - Real(first), 0), 1)
            for (tap, distance) in [t + 1, t, 1 - t, 2 - t].enumerated() {
                let weight = Self.cubic(distance, a)
                axis.append(Swift.min(Swift.max(first - 1 + tap, 0), input - 1), weight: Double(weight))
            }
            axis.endOutput()
        }
        return axis
    }

    /// With a filter as wide as an output is where there are fewer outputs than inputs, so that none is left out.
    ///
    /// - Parameter isCubic: whether the filter is Keys's polynomial with a = -0.5, or a triangle.
    func antialiased(isCubic: Bool) -> WindowAxis {
        if input == output { return WindowAxis(unchanged: input) }
        var axis = WindowAxis(input: input, weighted: true)
        let scale = scale
        let reach: Real = isCubic ? 2 : 1
        let support = scale >= 1 ? reach * scale : reach
        let squeeze: Real = scale >= 1 ? 1 / scale : 1
        for place in 0..<output {
            let center = scale * (Real(place) + 0.5)
            let first = Swift.max(Int(center - support + 0.5), 0)
            let end = Swift.min(Int(center + support + 0.5), input)
            let weights = (first..<Swift.max(first, end)).map { source in
                let distance = ((Real(source) - center + 0.5) * squeeze).magnitude
                return isCubic ? Self.cubic(distance, -0.5) : Swift.max(1 - distance, 0)
            }
            let total = weights.reduce(0, +)
            for (tap, weight) in weights.enumerated() {
                axis.append(first + tap, weight: Double(total == 0 ? weight : weight / total))
            }
            axis.endOutput()
        }
        return axis
    }

    /// Keys's kernel at a distance from 0 on.
    private static func cubic(_ x: Real, _ a: Real) -> Real {
        if x <= 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
        if x < 2 { return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a }
        return 0
    }
}
