import CKernels
import Testing

/// Kernels over windows against slow loops over every window's elements, in both orders in memory.
@Suite("Windows of planes")
struct WindowKernelTests {
    static let channels = 3

    /// One to three dimensions: pooling's windows, resampling's, and any.
    static func shapes(_ random: inout KernelRandom) -> [[WindowTestAxis]] {
        let one = WindowTestAxis.windows(1, kernel: 1, stride: 1, padding: 0)
        return [
            [one, one, .windows(37, kernel: 3, stride: 1, padding: 1)],
            [one, one, .windows(9, kernel: 2, stride: 3, padding: 0)],
            [one, .windows(5, kernel: 3, stride: 2, padding: 1), .windows(41, kernel: 3, stride: 2, padding: 1)],
            [
                one, .windows(12, kernel: 11, stride: 1, padding: 0),
                .windows(7, kernel: 3, stride: 1, padding: 0, dilation: 2),
            ],
            [
                .windows(3, kernel: 2, stride: 1, padding: 1), .windows(4, kernel: 3, stride: 2, padding: 1),
                .windows(35, kernel: 2, stride: 2, padding: 0),
            ],
            [one, .doubled(2), .doubled(19)],
            [.scattered(3, 2, &random), .scattered(4, 5, &random), .scattered(9, 21, &random)],
        ]
    }

    /// Elements [outer, channel, d, h, w] in either order.
    private static func array<E>(_ values: [E], _ outer: Int, _ sizes: [Int], isLast: Bool) -> KernelArray<E> {
        let shape = isLast ? [outer] + sizes + [channels] : [outer * channels] + sizes + [1]
        let result = KernelArray(shape) { _ in values[0] }
        for (index, value) in zip(kernelIndices([outer, channels] + sizes), values) {
            result[WindowTestLaunch.place(index, channels, sizes, isLast: isLast)] = value
        }
        return result
    }

    /// The same elements [outer, channel, d, h, w] again.
    private static func values<E>(_ array: KernelArray<E>, _ outer: Int, _ sizes: [Int], isLast: Bool) -> [E] {
        kernelIndices([outer, channels] + sizes).map {
            array[WindowTestLaunch.place($0, channels, sizes, isLast: isLast)]
        }
    }

    private static func launch(_ axes: [WindowTestAxis], _ outer: Int, isLast: Bool) -> WindowTestLaunch {
        WindowTestLaunch(axes: axes, outer: isLast ? outer : outer * channels, inner: isLast ? channels : 1)
    }

    /// The elements of the window of output `index` [outer, channel, d, h, w]: their places among the input's, places in
    /// their plane, and weights.
    private static func window(_ axes: [WindowTestAxis], _ index: [Int]) -> [(element: Int, place: Int, weight: Double)]
    {
        let plane = axes.reduce(1) { $0 * $1.input }
        var found: [(Int, Int, Double)] = []
        for d in axes[0].outputs[index[2]] {
            for h in axes[1].outputs[index[3]] {
                for w in axes[2].outputs[index[4]] {
                    let place = (d.source * axes[1].input + h.source) * axes[2].input + w.source
                    found.append(
                        ((index[0] * channels + index[1]) * plane + place, place, d.weight * h.weight * w.weight)
                    )
                }
            }
        }
        return found
    }

    @Test("Weighted sums, divided, are those of every window's elements", arguments: KernelISA.available)
    func sums(isa: KernelISA) throws {
        func check<E: FloatElement>(_ type: E.Type) throws {
            var random = KernelRandom(3)
            for (number, shape) in Self.shapes(&random).enumerated() where E.name == "f32" || number % 2 == 0 {
                var axes = shape
                if number % 2 == 0 {
                    axes[2].divisors = axes[2].outputs.map { Double(max($0.count, 1)) }
                    if number % 4 == 0 { axes[1].divisors = axes[1].outputs.map { _ in 3 } }
                }
                let (input, output) = (axes.map(\.input), axes.map(\.outputs.count))
                let x = (0..<(2 * Self.channels * input.reduce(1, *))).map { _ in E(nearest: Double(random.float())) }
                let table = WindowTestTable(axes, isWide: E.name == "f64")
                let irregular = WindowTestTable(axes.map(\.irregular), isWide: E.name == "f64")
                var results: [[E]] = []
                for isLast in [false, true] {
                    for (table, cut) in [(table, KernelCut.whole), (table, .uneven), (irregular, .single)] {
                        let launch = Self.launch(axes, 2, isLast: isLast)
                        let out = KernelArray<E>(launch.outputShape) { _ in E(nearest: 7) }
                        let from = Self.array(x, 2, input, isLast: isLast)
                        let kernel = kernel("window_sum", E.name)
                        try launch.run(
                            kernel,
                            isa,
                            [{ $0.add(out) }, { $0.add(from) }],
                            table: table,
                            cut: cut,
                            of: E.self
                        )
                        results.append(Self.values(out, 2, output, isLast: isLast))
                    }
                }
                for other in results.dropFirst() {
                    #expect(zip(results[0], other).allSatisfy { alike($0, $1) }, "\(E.name), shape \(number)")
                }
                for (index, result) in zip(kernelIndices([2, Self.channels] + output), results[0]) {
                    var (sum, size) = (0.0, 0.0)
                    for element in Self.window(axes, index) {
                        sum += element.weight * x[element.element].double
                        size += abs(element.weight * x[element.element].double)
                    }
                    let divisor = (axes[1].divisors?[index[3]] ?? 1) * (axes[2].divisors?[index[4]] ?? 1)
                    let (expected, unit) = (sum / divisor, size / divisor)
                    let bound =
                        unit * 0x1p-24 * 40 + abs(expected)
                        * Double(sign: .plus, exponent: -E.precision, significand: 1)
                    let isNear = abs(result.double - expected) <= bound + 1e-7
                    #expect(isNear, "\(E.name), shape \(number), \(index): \(result.double) for \(expected)")
                }
            }
        }
        try check(Float.self)
        try check(Double.self)
        try check(HalfElement.self)
        try check(BrainElement.self)
    }

    /// Small integers, so that many are equal, with some NaN and infinities.
    private static func ties<E: FloatElement>(_ count: Int, _ random: inout KernelRandom) -> [E] {
        (0..<count).map { _ in
            switch random.integer(below: 40) {
            case 0: E(nearest: .nan)
            case 1: E(nearest: .infinity)
            case 2...4: E(nearest: -.infinity)
            default: E(nearest: Double(random.integer(below: 4)))
            }
        }
    }

    @Test(
        "Maxima are those of every window's elements, with the place of the first, or of the last NaN",
        arguments: KernelISA.available
    )
    func maxima(isa: KernelISA) throws {
        func check<E: FloatElement, Place: FixedWidthInteger & BitwiseCopyable>(_: E.Type, _: Place.Type) throws {
            var random = KernelRandom(5)
            for (number, axes) in Self.shapes(&random).dropLast(2).enumerated() where E.name == "f32" || number % 2 == 0
            {
                var axes = axes
                for axis in axes.indices { axes[axis].isWeighted = false }
                let (input, output) = (axes.map(\.input), axes.map(\.outputs.count))
                let x: [E] = Self.ties(2 * Self.channels * input.reduce(1, *), &random)
                let table = WindowTestTable(axes, isWide: false)
                var results: [(values: [E], places: [Place])] = []
                for isLast in [false, true] {
                    for cut in KernelCut.allCases {
                        var launch = Self.launch(axes, 2, isLast: isLast)
                        launch.integers = [Place.bitWidth == 64 ? 1 : 0]
                        let out = KernelArray<E>(launch.outputShape) { _ in E(nearest: 7) }
                        let places = KernelArray<Place>(launch.outputShape) { _ in 77 }
                        let from = Self.array(x, 2, input, isLast: isLast)
                        let kernel = kernel("window_max", E.name)
                        try launch.run(
                            kernel,
                            isa,
                            [{ $0.add(out) }, { $0.add(places) }, { $0.add(from) }],
                            table: table,
                            cut: cut,
                            of: E.self
                        )
                        results.append(
                            (
                                Self.values(out, 2, output, isLast: isLast),
                                Self.values(places, 2, output, isLast: isLast)
                            )
                        )
                        let alone = KernelArray<E>(launch.outputShape) { _ in E(nearest: 7) }
                        try launch.run(
                            kernel,
                            isa,
                            [{ $0.add(alone) }, { $0.addNothing() }, { $0.add(from) }],
                            table: table,
                            cut: cut,
                            of: E.self
                        )
                        #expect(alone.bytes == out.bytes, "\(E.name), shape \(number): without places")
                    }
                }
                for other in results.dropFirst() {
                    #expect(zip(results[0].values, other.values).allSatisfy { alike($0, $1) }, "\(E.name) \(number)")
                    #expect(results[0].places == other.places, "\(E.name) \(number)")
                }
                for (index, (value, place)) in zip(
                    kernelIndices([2, Self.channels] + output),
                    zip(results[0].values, results[0].places)
                ) {
                    var (best, at) = (-Double.infinity, -1)
                    for element in Self.window(axes, index) {
                        let next = x[element.element].double
                        if next > best || next.isNaN || at < 0 { (best, at) = (next, element.place) }
                    }
                    let isSame = best.isNaN ? value.isNaN : value.double == best
                    #expect(
                        isSame && Int(place) == at,
                        "\(E.name), shape \(number), \(index): \(value.double) at \(place)"
                    )
                }
            }
        }
        try check(Float.self, Int32.self)
        try check(Float.self, Int64.self)
        try check(Double.self, Int64.self)
        try check(HalfElement.self, Int32.self)
        try check(BrainElement.self, Int64.self)
    }

    @Test("Gradients of maxima go to their places and are added up there", arguments: KernelISA.available)
    func maximaBackward(isa: KernelISA) throws {
        func check<E: FloatElement, Place: FixedWidthInteger & BitwiseCopyable>(_: E.Type, _: Place.Type) throws {
            var random = KernelRandom(7)
            for (number, axes) in Self.shapes(&random).dropLast(2).enumerated() where E.name == "f32" || number % 2 == 0
            {
                let (input, output) = (axes.map(\.input), axes.map(\.outputs.count))
                let indices = kernelIndices([2, Self.channels] + output)
                // One element of each window, now and then none.
                let chosen = indices.map { index in
                    let window = Self.window(axes, index)
                    return random.integer(below: 9) == 0 ? nil : window[random.integer(below: window.count)]
                }
                let gradient = indices.map { _ in E(nearest: Double(random.integer(below: 17)) / 4 - 2) }
                let places = chosen.map { Place($0?.place ?? -1) }
                var back = axes.map(\.transposed)
                for axis in back.indices { back[axis].isWeighted = false }
                let table = WindowTestTable(back, isWide: false)
                var results: [[E]] = []
                for (isLast, parts) in [(false, 1), (false, 3), (true, 0)] {
                    let split = axes.firstIndex { $0.input > 1 }!
                    if parts > axes[split].input { continue }
                    for cut in KernelCut.allCases {
                        var launch = Self.launch(back, 2, isLast: isLast)
                        launch.integers = [Place.bitWidth == 64 ? 1 : 0, parts, split]
                        let out = KernelArray<E>(launch.outputShape) { _ in E(nearest: 7) }
                        let from = Self.array(gradient, 2, output, isLast: isLast)
                        let at = Self.array(places, 2, output, isLast: isLast)
                        try launch.run(
                            kernel("window_max_backward", E.name),
                            isa,
                            [{ $0.add(out) }, { $0.add(from) }, { $0.add(at) }],
                            table: table,
                            items: isLast ? nil : 2 * Self.channels * parts,
                            cut: cut,
                            scratchElements: input.reduce(1, *),
                            of: E.self
                        )
                        results.append(Self.values(out, 2, input, isLast: isLast))
                    }
                }
                for other in results.dropFirst() {
                    #expect(zip(results[0], other).allSatisfy { alike($0, $1) }, "\(E.name), shape \(number)")
                }
                var expected = [Double](repeating: 0, count: results[0].count)
                for (element, value) in zip(chosen, gradient) {
                    if let element { expected[element.element] += value.double }
                }
                // Sums of quarters are exact in any order.
                #expect(zip(results[0], expected).allSatisfy { $0.double == $1 }, "\(E.name), shape \(number)")

                // And back again: what lies at the places.
                let taken = Self.launch(axes, 2, isLast: true)
                var launch = taken
                launch.integers = [Place.bitWidth == 64 ? 1 : 0]
                let out = KernelArray<E>(launch.outputShape) { _ in E(nearest: 7) }
                let from = Self.array(results[0], 2, input, isLast: true)
                let at = Self.array(places, 2, output, isLast: true)
                try launch.run(
                    kernel("window_pick", E.name),
                    isa,
                    [{ $0.add(out) }, { $0.add(from) }, { $0.add(at) }],
                    table: nil,
                    cut: .uneven,
                    of: E.self
                )
                let picked = Self.values(out, 2, output, isLast: true)
                for (value, element) in zip(picked, chosen) {
                    #expect(value.double == (element.map { results[0][$0.element].double } ?? 0))
                }
            }
        }
        try check(Float.self, Int32.self)
        try check(Float.self, Int64.self)
        try check(Double.self, Int64.self)
        try check(HalfElement.self, Int32.self)
        try check(BrainElement.self, Int32.self)
    }

    @Test("Elements are moved bit by bit, and what has none is filled", arguments: KernelISA.available)
    func copies(isa: KernelISA) throws {
        func check<E: BitwiseCopyable & Equatable>(
            _ name: String,
            fill: Int,
            _ filled: E,
            _ next: (inout KernelRandom) -> E
        )
            throws
        {
            var random = KernelRandom(11)
            func axis(_ input: Int, _ before: Int, _ behind: Int) -> WindowTestAxis {
                let outputs = (0..<(input + before + behind)).map { output in
                    (0..<input).contains(output - before) ? [(source: output - before, weight: 1.0)] : []
                }
                var axis = WindowTestAxis(input: input, outputs: outputs, isWeighted: false)
                let first = max(before, 0)
                axis.regular = (first..<(first + input + min(before, 0) + min(behind, 0)), 1, 1)
                return axis
            }
            for axes in [
                [axis(1, 0, 0), axis(3, 1, 2), axis(40, 3, 1)], [axis(2, 1, 0), axis(3, -1, 0), axis(5, -1, 4)],
            ] {
                let (input, output) = (axes.map(\.input), axes.map(\.outputs.count))
                let x = (0..<(2 * Self.channels * input.reduce(1, *))).map { _ in next(&random) }
                for isLast in [false, true] {
                    for (table, cut) in [
                        (WindowTestTable(axes, isWide: false), KernelCut.uneven),
                        (WindowTestTable(axes.map(\.irregular), isWide: false), .whole),
                    ] {
                        var launch = Self.launch(axes, 2, isLast: isLast)
                        launch.integers = [fill]
                        let out = KernelArray<E>(launch.outputShape) { _ in x[0] }
                        let from = Self.array(x, 2, input, isLast: isLast)
                        let kernel = kernel("window_copy", name)
                        try launch.run(
                            kernel,
                            isa,
                            [{ $0.add(out) }, { $0.add(from) }],
                            table: table,
                            cut: cut,
                            of: E.self
                        )
                        let result = Self.values(out, 2, output, isLast: isLast)
                        let expected = kernelIndices([2, Self.channels] + output).map { index in
                            Self.window(axes, index).first.map { x[$0.element] } ?? filled
                        }
                        #expect(result == expected, "\(name)")
                    }
                }
            }
        }
        try check("f32", fill: 0x4049_0fdb, UInt32(0x4049_0fdb)) { UInt32(truncatingIfNeeded: $0.bits()) }
        try check("f64", fill: -3, UInt64(bitPattern: -3)) { $0.bits() }
        try check("f16", fill: 0x1234, UInt16(0x1234)) { UInt16(truncatingIfNeeded: $0.bits()) }
        try check("bf16", fill: 0x1234, UInt16(0x1234)) { UInt16(truncatingIfNeeded: $0.bits()) }
        try check("i64", fill: .max, Int64.max) { Int64(bitPattern: $0.bits()) }
        try check("bool", fill: 1, UInt8(1)) { UInt8($0.bits() & 1) }
    }
}
