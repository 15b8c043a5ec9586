import WeftRuntime

extension Tensor {
    /// This tensor, of shape `[n, c, …]` with one to three spatial dimensions, resampled to the spatial sizes `size`.
    ///
    /// - Parameters:
    ///   - size: one size for each spatial dimension, or one for all.
    ///   - mode: how elements are made up.
    ///   - alignCorners: whether the middles of the outermost elements stay where they are, rather than their outer edges;
    ///     nil, which is no, for modes that it makes no sense in.
    ///   - antialias: whether elements of a smaller result take all those of the input into account that they cover; for
    ///     `.bilinear` and `.bicubic`.
    ///
    /// Refused unless the dimensions are those of the mode and the sizes positive, and for integers unless elements are only
    /// moved.
    public func interpolated(
        size: SpatialSizes,
        mode: InterpolationMode = .nearest,
        alignCorners: Bool? = nil,
        antialias: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let call = Call("interpolated", file, line)
        let target = nearestResampled { place, _ in size.value(at: place) }
        return call.checked(standIn: target, dtype) { call throws(Refusal) in
            let spatial = try spatialRank(of: mode, alignCorners, antialias, call)
            let sizes = try call.sizes(size, spatial, "size", least: 1)
            return try resampled(sizes, factors: nil, mode, alignCorners ?? false, antialias, call)
        }
    }

    /// This tensor, of shape `[n, c, …]` with one to three spatial dimensions, resampled to so many times its spatial sizes,
    /// rounded down.
    ///
    /// - Parameters:
    ///   - scaleFactor: one factor for each spatial dimension, or one for all.
    ///   - recomputeScaleFactor: whether places are computed from the sizes rather than from the factors, which differ where
    ///     sizes were rounded.
    ///
    /// As `interpolated(size:)` otherwise.
    public func interpolated(
        scaleFactor: [Double],
        mode: InterpolationMode = .nearest,
        alignCorners: Bool? = nil,
        recomputeScaleFactor: Bool = false,
        antialias: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let call = Call("interpolated", file, line)
        func factor(_ place: Int) -> Double { place < scaleFactor.count ? scaleFactor[place] : scaleFactor.last ?? 1 }
        func scaled(_ size: Int, _ place: Int) -> Int {
            Int(exactly: (Double(size) * factor(place)).rounded(.down)) ?? 0
        }
        let target = nearestResampled { scaled($1, $0) }
        return call.checked(standIn: target, dtype) { call throws(Refusal) in
            let spatial = try spatialRank(of: mode, alignCorners, antialias, call)
            try call.require(
                scaleFactor.count == 1 || scaleFactor.count == spatial,
                "scaleFactor \(scaleFactor) has \(scaleFactor.count) numbers: one is wanted, or one for each of \(spatial) "
                    + "spatial dimensions"
            )
            let sizes = (0..<spatial).map { scaled(extent(2 + $0), $0) }
            try call.require(
                sizes.allSatisfy { $0 > 0 && $0 < Int(Int32.max) / 2 },
                "scaleFactor \(scaleFactor) makes spatial sizes \(sizes) of shape \(shape)"
            )
            let factors = recomputeScaleFactor ? nil : (0..<spatial).map(factor)
            return try resampled(sizes, factors: factors, mode, alignCorners ?? false, antialias, call)
        }
    }

    /// As `interpolated(scaleFactor:)` with one factor for all spatial dimensions.
    public func interpolated(
        scaleFactor: Double,
        mode: InterpolationMode = .nearest,
        alignCorners: Bool? = nil,
        recomputeScaleFactor: Bool = false,
        antialias: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        interpolated(
            scaleFactor: [scaleFactor],
            mode: mode,
            alignCorners: alignCorners,
            recomputeScaleFactor: recomputeScaleFactor,
            antialias: antialias,
            file: file,
            line: line
        )
    }

    private func spatialRank(
        of mode: InterpolationMode,
        _ alignCorners: Bool?,
        _ antialias: Bool,
        _ call: Call
    ) throws(Refusal) -> Int {
        let spatial = rank - 2
        try call.require(
            (1...3).contains(spatial) && spatial == mode.spatialRank ?? spatial,
            "shape \(shape) has \(rank) dimensions: \(mode) interpolation takes \(mode.spatialRank.map { "\($0 + 2)" } ?? "3 to 5")"
        )
        try call.require(
            alignCorners == nil || mode.alignsCorners,
            "alignCorners makes no sense in \(mode) interpolation"
        )
        try call.require(
            !antialias || mode == .bilinear || mode == .bicubic,
            "antialias is for bilinear and bicubic interpolation, not \(mode)"
        )
        let isKnown = mode == .nearest || mode == .nearestExact || dtype.isFloatingPoint
        try call.require(isKnown, "\(mode) interpolation takes floating-point dtypes, not \(dtype)")
        for axis in 2..<rank {
            try call.require(
                extent(axis) > 0 && extent(axis) < Int(Int32.max) / 2,
                "there is nothing to resample in shape \(shape), or too much"
            )
        }
        return spatial
    }

    private func resampled(
        _ sizes: [Int],
        factors: [Double]?,
        _ mode: InterpolationMode,
        _ alignCorners: Bool,
        _ antialias: Bool,
        _ call: Call
    ) throws(Refusal) -> Tensor {
        if mode == .area { return adaptiveMeans(sizes, as: .interpolate, call) }
        let isWide = dtype == .float64
        let axes = sizes.enumerated().map { place, size in
            let (input, factor) = (extent(2 + place), factors?[place])
            func table<Real: BinaryFloatingPoint>(_ type: Real.Type) -> WindowAxis {
                let axis = ResampledAxis<Real>(input: input, output: size, factor: factor, alignCorners: alignCorners)
                switch mode {
                case .nearest: return axis.nearest(exact: false, isPlane: sizes.count == 2)
                case .nearestExact: return axis.nearest(exact: true, isPlane: sizes.count == 2)
                case .linear, .trilinear, .area: return axis.linear()
                case .bilinear: return antialias ? axis.antialiased(isCubic: false) : axis.linear()
                case .bicubic: return antialias ? axis.antialiased(isCubic: true) : axis.cubic()
                }
            }
            return isWide ? table(Double.self) : table(Float.self)
        }
        let map = WindowMap(axes, moves: mode == .nearest || mode == .nearestExact)
        _ = try call.layout(map.target(of: layout).shape)
        return mapped(map, as: .interpolate, call)
    }

    private func nearestResampled(_ size: (_ place: Int, _ input: Int) -> Int) -> Layout {
        var sizes = shape
        for axis in sizes.indices.dropFirst(2) { sizes[axis] = Swift.max(size(axis - 2, sizes[axis]), 1) }
        return Layout(nearest: sizes)
    }
}
