import WeftRuntime

/// How what lies between the elements of an image is made of them.
public enum GridSamplingMode: Sendable, CaseIterable {
    /// Linearly along each axis, of two elements each.
    case bilinear
    /// The nearest element; halfway the even one.
    case nearest
    /// By cubic convolution (Keys, 1981, with a = -0.75) along each axis, of four elements each; for images alone.
    case bicubic
}

/// What is sampled outside of an image.
public enum GridPaddingMode: Sendable, CaseIterable {
    /// Zeros.
    case zeros
    /// The outermost elements.
    case border
    /// The image, mirrored at its border.
    case reflection
}

extension Tensor {
    /// Samples of each image at the places that `grid` names: of images [n, c, h, w], or [n, c, d, h, w], and a grid
    /// [n, h', w', 2], or [n, d', h', w', 3], the result has shape [n, c, h', w'], or [n, c, d', h', w'].
    ///
    /// - Parameters:
    ///   - grid: the places, in the order width, height, depth, of this tensor's dtype; -1 and 1 are an axis's ends.
    ///   - mode: how samples are made of the elements around a place.
    ///   - paddingMode: what lies outside.
    ///   - alignCorners: whether the ends of an axis are the centres of its first and last element, and not their edges.
    ///
    /// Gradients flow to the images and to the grid. Refused for other shapes and
    /// dtypes, and for empty images.
    public func gridSample(
        _ grid: Tensor,
        mode: GridSamplingMode = .bilinear,
        paddingMode: GridPaddingMode = .zeros,
        alignCorners: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let axes = Swift.max(rank - 2, 0)
        let places = Array(grid.shape.dropFirst().dropLast())
        let target = Array(shape.prefix(2)) + places
        return Call("gridSample", file, line).checked(standIn: Layout(nearest: target), dtype) { call throws(Refusal) in
            try call.require(
                (axes == 2 || axes == 3) && grid.rank == rank && grid.extent(0) == extent(0)
                    && grid.extent(rank - 1) == axes && grid.dtype == dtype && dtype.isFloatingPoint
                    && shape.dropFirst(2).allSatisfy { $0 > 0 } && (mode != .bicubic || axes == 2),
                "a \(dtype) tensor of shape \(shape) and a \(grid.dtype) grid of shape \(grid.shape) do not fit: images "
                    + "[n, c, h, w] with a grid [n, h', w', 2] are wanted, or volumes, not bicubic, with one dimension more"
            )
            let sampler = GridSampler(sizes: Array(shape.suffix(axes)), paddingMode, alignCorners)
            let count = places.reduce(1, *)
            // Differences of places, and derivatives of cubic weights, cancel most of their digits.
            let wide: DType = dtype.isHalf ? .float32 : .float64
            let flatGrid = grid.recastFloatingPoint(wide, at: call.site).reshaped(
                to: Layout(rowMajor: [extent(0), count, axes])
            )
            // Of the dimensions in their order, which is not the grid's.
            let coordinates = (0..<axes).map { axis in
                sampler.unnormalized(flatGrid.sliced(axis: 2, start: axes - 1 - axis, count: 1).removingAxis(2), axis)
            }
            let images = recastFloatingPoint(wide, at: call.site).reshaped(
                to: Layout(rowMajor: [extent(0), extent(1), sampler.sizes.reduce(1, *)])
            )
            let samples = sampler.samples(of: images, at: coordinates, mode)
            return samples.reshaped(to: try call.layout(target)).recastFloatingPoint(dtype, at: call.site)
        }
    }
}

/// What is known of the axes of images.
private struct GridSampler {
    let sizes: [Int]
    let padding: GridPaddingMode
    let alignCorners: Bool

    init(sizes: [Int], _ padding: GridPaddingMode, _ alignCorners: Bool) {
        (self.sizes, self.padding, self.alignCorners) = (sizes, padding, alignCorners)
    }

    /// Elements that are added up with these weights along an axis.
    private typealias Taps = [(place: Tensor, weight: Tensor)]

    /// Places of -1 to 1 in numbers of elements.
    func unnormalized(_ x: Tensor, _ axis: Int) -> Tensor {
        let size = Double(sizes[axis])
        return alignCorners ? (x + 1) * ((size - 1) / 2) : ((x + 1) * size - 1) * 0.5
    }

    /// The samples of images [n, c, elements] at places [n, p] along each axis: [n, c, p].
    func samples(of images: Tensor, at coordinates: [Tensor], _ mode: GridSamplingMode) -> Tensor {
        let taps = coordinates.enumerated().map { self.taps(at: $1, axis: $0, mode) }
        var result: Tensor?
        for choice in 0..<taps.reduce(1, { $0 * $1.count }) {
            var (rest, index, weight) = (choice, nil as Tensor?, nil as Tensor?)
            for (axis, taps) in taps.enumerated() {
                let tap = taps[rest % taps.count]
                rest /= taps.count
                index = index.map { $0 * sizes[axis] + tap.place } ?? tap.place
                weight = weight.map { $0 * tap.weight } ?? tap.weight
            }
            guard let index, let weight else { continue }
            var target = images.layout.rowMajor
            target.setDimension(2, size: index.extent(1), stride: 0)
            let elements = images.gather(axis: 2, index.insertingAxis(1).expanded(to: target.rowMajor))
            let part = elements * weight.insertingAxis(1)
            result = result.map { $0 + part } ?? part
        }
        return result ?? images
    }

    private func taps(at x: Tensor, axis: Int, _ mode: GridSamplingMode) -> Taps {
        switch mode {
        case .nearest: return [tap(padded(x, axis).roundedToEven, axis, weight: nil)]
        case .bilinear:
            let place = padded(x, axis)
            let floor = place.wholePart
            let share = place - floor
            return [tap(floor, axis, weight: 1 - share), tap(floor + 1, axis, weight: share)]
        case .bicubic:
            let floor = x.wholePart
            let share = x - floor
            return (-1...2).map { offset in
                let weight = share.cubicWeight(at: offset)
                return tap(padded(floor + offset, axis).roundedToEven, axis, weight: weight)
            }
        }
    }

    /// An element that is there, with a weight of 0 where another was asked for.
    private func tap(_ place: Tensor, _ axis: Int, weight: Tensor?) -> (place: Tensor, weight: Tensor) {
        let isInside = (place .>= 0) .& (place .<= sizes[axis] - 1)
        let index = `where`(isInside, place.detached(), 0.0).converted(to: .int64, at: nil)
        return (index, weight.map { `where`(isInside, $0, 0.0) } ?? isInside.converted(to: place.dtype, at: nil))
    }

    /// The place in the image that stands for one outside.
    private func padded(_ x: Tensor, _ axis: Int) -> Tensor {
        let last = Double(sizes[axis] - 1)
        func clipped(_ x: Tensor) -> Tensor { `where`(x .> 0, `where`(x .< last, x, last), 0.0) }
        switch padding {
        case .zeros: return x
        case .border: return clipped(x)
        case .reflection:
            let (low, span) = alignCorners ? (0, last) : (-0.5, last + 1)
            if span == 0 { return x * 0 }
            let distance = (x - low).abs()
            let turns = (distance.detached() / span).wholePart
            let rest = distance - turns * span
            let isOdd = (turns - (turns * 0.5).wholePart * 2) .== 1
            return clipped(`where`(isOdd, span - rest, rest) + low)
        }
    }
}

extension Tensor {
    /// The greatest whole numbers that are not greater, without gradients; far out what does not matter.
    fileprivate var wholePart: Tensor {
        let x = detached()
        // What no integer stands for is outside of any image.
        let bounded = `where`((x .> -1e9) .& (x .< 1e9), x, -1e9)
        let cut = bounded.converted(to: .int64, at: nil).converted(to: dtype, at: nil)
        return cut - (cut .> bounded).converted(to: dtype, at: nil)
    }

    /// The nearest whole numbers, of two the even one; without gradients.
    fileprivate var roundedToEven: Tensor {
        let floor = wholePart
        let rest = detached() - floor
        let isOdd = (floor - (floor * 0.5).wholePart * 2) .== 1
        return floor + ((rest .> 0.5) .| ((rest .== 0.5) .& isOdd)).converted(to: dtype, at: nil)
    }

    /// The weight of the element at `offset` from the one before a place, for a place that lies this share behind it.
    fileprivate func cubicWeight(at offset: Int) -> Tensor {
        let a = -0.75
        let distance = offset <= 0 ? self - Double(offset) : Double(offset) - self
        if offset == 0 || offset == 1 { return ((distance * (a + 2) - (a + 3)) * distance) * distance + 1 }
        return ((distance * a - 5 * a) * distance + 8 * a) * distance - 4 * a
    }
}
