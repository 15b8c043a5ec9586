import CKernels
import Foundation
import Testing

/// Batch, group, instance and local response norm against their formulas in double precision, row-major and
/// channels-last, which must agree in every bit.
@Suite("Channel kernels")
struct ChannelKernelTests {
    /// Images, channels, positions, and groups of which 0 stands for batch norm.
    struct Size: Sendable {
        let n, c, p, groups: Int

        init(_ n: Int, _ c: Int, _ p: Int, groups: Int = 0) {
            (self.n, self.c, self.p, self.groups) = (n, c, p, groups)
        }

        var shape: [Int] { [n, c, p] }
        var statistics: Int { groups == 0 ? c : n * groups }
        /// Parts of two images, or one, by 32 positions: several of each, so that they are added.
        var partImages: Int { groups == 0 ? 2 : 1 }
        var parts: Int { (n + partImages - 1) / partImages * ((p + 31) / 32) }
        var integers: [Int] { [groups, partImages, 32] }

        func strides(channelsLast: Bool) -> [Int] { channelsLast ? [c * p, 1, c] : [c * p, p, 1] }
        func owner(_ image: Int, _ channel: Int) -> Int {
            groups == 0 ? channel : image * groups + channel / (c / groups)
        }
    }

    static let sizes = [
        Size(1, 1, 2), Size(3, 5, 7), Size(2, 3, 16), Size(3, 17, 18), Size(1, 34, 33), Size(2, 1, 700),
        Size(3, 6, 1, groups: 2), Size(2, 6, 19, groups: 3), Size(1, 66, 9, groups: 66), Size(1, 2, 300, groups: 1),
    ]

    private func lay<E: FloatElement>(_ values: [Double], _ size: Size, channelsLast: Bool) -> KernelArray<E> {
        let array = KernelArray<E>(size.shape, strides: size.strides(channelsLast: channelsLast)) { _ in E(nearest: 7) }
        for (place, index) in kernelIndices(size.shape).enumerated() { array[index] = E(nearest: values[place]) }
        return array
    }

    /// The elements in row-major order.
    private func elements<E: FloatElement>(_ array: KernelArray<E>) -> [E] {
        kernelIndices(array.shape).map { array[$0] }
    }

    private func numbers(_ count: Int, seed: UInt64, around mean: Double = 0, deviation: Double = 1) -> [Double] {
        var random = KernelRandom(seed)
        return (0..<count).map { _ in mean + deviation * Double(random.float()) }
    }

    private struct Outcome<E: FloatElement> {
        var y, dx: [E]
        var kept, ofWeight, ofBias: [E.Real]
    }

    /// Forward and backward in both layouts, over every cut, with plain and with streaming stores; all must agree.
    private func run<E: FloatElement>(
        _: E.Type,
        _ isa: KernelISA,
        _ size: Size,
        x: [Double],
        gradient: [Double],
        weight: [Double]?,
        bias: [Double]?,
        epsilon: Double = 1e-5,
        given: (mean: [Double], variance: [Double])? = nil
    ) throws -> Outcome<E> {
        var outcomes: [Outcome<E>] = []
        func reals(_ values: [Double]?) -> KernelArray<E.Real>? {
            values.map { values in KernelArray<E.Real>(values.map { E.Real($0) }) }
        }
        func add(_ array: KernelArray<some BitwiseCopyable>?, to launch: inout KernelLaunch) {
            if let array { launch.add(array, strides: [0, 1, 0]) } else { launch.addNothing() }
        }
        let (w, b) = (reals(weight), reals(bias))
        let (mean, variance) = (reals(given?.mean), reals(given?.variance))
        for channelsLast in [false, true] {
            let (x, g): (KernelArray<E>, KernelArray<E>) = (
                lay(x, size, channelsLast: channelsLast), lay(gradient, size, channelsLast: channelsLast)
            )
            for cut in KernelCut.allCases {
                let streams = cut == .uneven
                func launch(_ integers: [Int] = []) -> KernelLaunch {
                    KernelLaunch(size.shape, integers: size.integers + integers, numbers: [epsilon], streams: streams)
                }
                func go(_ launch: KernelLaunch, _ name: String, items: Int, dtype: String = E.name) throws {
                    try launch.run(kernel(name, dtype), isa, items: items, cut: cut)
                }
                let real = E.Real.self == Double.self ? "f64" : "f32"
                let items = size.parts * size.c
                let sums = KernelArray<Double>([items * 3]) { _ in 7 }
                let kept = KernelArray<E.Real>([size.statistics * 5]) { _ in 7 }
                if given == nil {
                    var first = launch()
                    add(sums, to: &first)
                    first.add(x)
                    try go(first, "channel_sums", items: items)
                }
                var second = launch()
                add(kept, to: &second)
                add(given == nil ? sums : nil, to: &second)
                second.add(x)
                add(mean, to: &second)
                add(variance, to: &second)
                try go(second, "channel_statistics", items: size.statistics)
                let y: KernelArray<E> = lay(x.values.map { _ in 7 }, size, channelsLast: channelsLast)
                var third = launch()
                third.add(y)
                third.add(x)
                for operand in [kept, w, b] { add(operand, to: &third) }
                try go(third, "channel_normalize", items: items)

                var fourth = launch()
                add(sums, to: &fourth)
                fourth.add(x)
                fourth.add(g)
                add(kept, to: &fourth)
                try go(fourth, "channel_backward_sums", items: items)
                let isGiven = [given == nil ? 0 : 1]
                let slopes = KernelArray<E.Real>([(size.groups == 0 ? 1 : size.n) * size.c * 4]) { _ in 7 }
                var fifth = launch(isGiven)
                add(slopes, to: &fifth)
                add(sums, to: &fifth)
                add(kept, to: &fifth)
                add(w, to: &fifth)
                try go(fifth, "channel_slopes", items: size.statistics, dtype: real)
                let dx: KernelArray<E> = lay(x.values.map { _ in 7 }, size, channelsLast: channelsLast)
                var sixth = launch(isGiven)
                sixth.add(dx)
                sixth.add(x)
                sixth.add(g)
                add(slopes, to: &sixth)
                try go(sixth, "channel_backward", items: items)
                let (ofWeight, ofBias) = (
                    KernelArray<E.Real>([size.c]) { _ in 7 }, KernelArray<E.Real>([size.c]) { _ in 7 }
                )
                var last = launch()
                add(ofWeight, to: &last)
                add(ofBias, to: &last)
                add(sums, to: &last)
                add(kept, to: &last)
                try go(last, "channel_shares", items: size.c, dtype: real)
                outcomes.append(
                    Outcome(
                        y: elements(y),
                        dx: elements(dx),
                        kept: kept.values,
                        ofWeight: ofWeight.values,
                        ofBias: ofBias.values
                    )
                )
            }
        }
        func same<T: FloatElement>(_ a: [T], _ b: [T]) -> Bool {
            zip(a, b).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
        }
        func sameReals(_ a: [E.Real], _ b: [E.Real]) -> Bool {
            zip(a, b).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
        }
        for other in outcomes {
            #expect(same(other.y, outcomes[0].y), "\(size): a cut or a layout changed the result")
            #expect(same(other.dx, outcomes[0].dx), "\(size): a cut or a layout changed the gradient")
            #expect(sameReals(other.kept, outcomes[0].kept), "\(size)")
            #expect(sameReals(other.ofWeight, outcomes[0].ofWeight), "\(size)")
            #expect(sameReals(other.ofBias, outcomes[0].ofBias), "\(size)")
        }
        return outcomes[0]
    }

    /// Compares an outcome with the formulas, up to `unit` times what terms amount to.
    private func check<E: FloatElement>(
        _: E.Type,
        _ isa: KernelISA,
        _ size: Size,
        x values: [Double],
        hasWeight: Bool = true,
        epsilon: Double = 1e-5,
        given: (mean: [Double], variance: [Double])? = nil
    ) throws {
        let unit = E.Real.self == Double.self ? 0x1p-53 : 0x1p-24
        let rounding = scalbn(1.0, -E.precision)
        // What elements and parameters are once they are rounded.
        func rounded(_ values: [Double]) -> [Double] { values.map { E(nearest: $0).double } }
        func reals(_ values: [Double]) -> [Double] { values.map { Double(E.Real($0)) } }
        let x = rounded(values)
        let gradient = rounded(numbers(x.count, seed: 3))
        let weight = hasWeight ? reals(numbers(size.c, seed: 4, around: 1, deviation: 0.3)) : nil
        let bias = hasWeight ? reals(numbers(size.c, seed: 5)) : nil
        let found = try run(
            E.self,
            isa,
            size,
            x: x,
            gradient: gradient,
            weight: weight,
            bias: bias,
            epsilon: epsilon,
            given: given
        )
        var points = [[Int]](repeating: [], count: size.statistics)
        let indices = kernelIndices(size.shape)
        for (place, index) in indices.enumerated() { points[size.owner(index[0], index[1])].append(place) }
        var (ofWeight, ofBias, magnitude) = (
            [Double](repeating: 0, count: size.c), [Double](repeating: 0, count: size.c),
            [Double](repeating: 0, count: size.c)
        )
        for (owner, places) in points.enumerated() {
            let n = Double(places.count)
            let mean = given?.mean[owner] ?? Double(places.reduce(Wide(0)) { $0 + Wide(x[$1]) } / Wide(n))
            let variance =
                given?.variance[owner]
                ?? Double(
                    places.reduce(Wide(0)) { $0 + (Wide(x[$1]) - Wide(mean)) * (Wide(x[$1]) - Wide(mean)) } / Wide(n)
                )
            let scale = 1 / (variance + epsilon).squareRoot()
            // How far a mean is from the exact one at the least, in deviations.
            let centring = 0x1p-53 * abs(mean) * scale
            let (foundMean, foundVariance) = (Double(found.kept[owner * 5 + 3]), Double(found.kept[owner * 5 + 4]))
            #expect(abs(foundMean - mean) <= unit * (abs(mean) + 20 * variance.squareRoot()), "\(size) mean \(owner)")
            #expect(abs(foundVariance - variance) <= unit * 340 * variance, "\(size) variance \(owner)")
            let y = places.map { (x[$0] - mean) * scale }
            let g = places.map { gradient[$0] * (weight?[indices[$0][1]] ?? 1) }
            let (sum, product) =
                given != nil ? (0, 0) : (g.reduce(0, +) / n, zip(g, y).reduce(0) { $0 + $1.0 * $1.1 } / n)
            let size0 = given != nil ? 0 : g.reduce(0) { $0 + abs($1) } / n
            for (i, place) in places.enumerated() {
                let c = indices[place][1]
                let (w, b) = (weight?[c] ?? 1, bias?[c] ?? 0)
                let exact = y[i] * w + b
                let bound =
                    unit * (4 + 200 * abs(w) * (1 + abs(y[i])) + abs(b)) + rounding * abs(exact) + 2 * centring * abs(w)
                #expect(abs(found.y[place].double - exact) <= bound, "\(size) y \(indices[place])")
                let slope = (g[i] - sum - y[i] * product) * scale
                let terms = (abs(g[i]) + size0 + abs(y[i]) * size0 * 2) * scale
                #expect(
                    abs(found.dx[place].double - slope) <= (unit * 400 + 4 * centring) * terms + rounding * abs(slope),
                    "\(size) dx \(indices[place]): \(found.dx[place].double) for \(slope)"
                )
                ofWeight[c] += gradient[place] * y[i]
                ofBias[c] += gradient[place]
                magnitude[c] += abs(gradient[place]) * (1 + abs(y[i]) + 2 * centring / unit)
            }
        }
        for c in 0..<size.c {
            #expect(abs(Double(found.ofWeight[c]) - ofWeight[c]) <= unit * 200 * magnitude[c], "\(size) weight \(c)")
            #expect(abs(Double(found.ofBias[c]) - ofBias[c]) <= unit * 40 * magnitude[c], "\(size) bias \(c)")
        }
    }

    @Test("Channels are normalised within the stated error, and differentiated", arguments: KernelISA.available, sizes)
    func normalized(isa: KernelISA, size: Size) throws {
        let x = numbers(size.n * size.c * size.p, seed: 1, around: 0.5, deviation: 2)
        for hasWeight in [true, false] { try check(Float.self, isa, size, x: x, hasWeight: hasWeight) }
        try check(Double.self, isa, size, x: x)
        try check(HalfElement.self, isa, size, x: x)
        try check(BrainElement.self, isa, size, x: x)
    }

    @Test("Given statistics are used as they are", arguments: KernelISA.available)
    func given(isa: KernelISA) throws {
        for size in Self.sizes where size.groups == 0 {
            let x = numbers(size.n * size.c * size.p, seed: 1)
            let given = (
                mean: (0..<size.c).map { Double($0 % 3) * 0.25 }, variance: (0..<size.c).map { 0.5 + Double($0 % 5) }
            )
            try check(Float.self, isa, size, x: x, given: given)
            try check(Double.self, isa, size, x: x, hasWeight: false, given: given)
            try check(HalfElement.self, isa, size, x: x, given: given)
        }
    }

    @Test(
        "A deviation far below the mean is measured as well, and one element far from all",
        arguments: KernelISA.available
    )
    func badlyConditioned(isa: KernelISA) throws {
        for size in [Size(4, 3, 40), Size(1, 17, 50), Size(2, 4, 30, groups: 2)] {
            let count = size.n * size.c * size.p
            let narrow = numbers(count, seed: 6, around: 1e4, deviation: 1e-2)
            try check(Float.self, isa, size, x: narrow, epsilon: 1e-12)
            try check(Double.self, isa, size, x: narrow.map { $0 * 1e5 }, epsilon: 0)
            // The first element is what distances are taken from.
            var outlier = numbers(count, seed: 7)
            for c in 0..<size.c { outlier[c * size.p] = 1e6 }
            try check(Float.self, isa, size, x: outlier)
            // Squares far from those of other inputs.
            try check(Double.self, isa, size, x: narrow.map { $0 * 1e100 }, epsilon: 0)
            try check(Double.self, isa, size, x: outlier.map { $0 * 1e-100 }, epsilon: 0)
        }
    }

    @Test("Equal elements give the bias, with a variance of exactly 0", arguments: KernelISA.available)
    func constants(isa: KernelISA) throws {
        for size in Self.sizes {
            let x = (0..<size.n * size.c * size.p).map { size.groups == 0 ? Double($0 / size.p % size.c) + 0.1 : 0.1 }
            let bias = numbers(size.c, seed: 8)
            let found = try run(Float.self, isa, size, x: x, gradient: x, weight: nil, bias: bias)
            for (place, index) in kernelIndices(size.shape).enumerated() {
                #expect(found.y[place] == Float(bias[index[1]]), "\(size)")
            }
            for owner in 0..<size.statistics { #expect(found.kept[owner * 5 + 4] == 0, "\(size)") }
        }
    }

    @Test("A NaN or an infinity spoils its own statistics and no others", arguments: KernelISA.available)
    func special(isa: KernelISA) throws {
        for size in [Size(3, 5, 7), Size(2, 20, 40), Size(2, 6, 35, groups: 3)] {
            var x = numbers(size.n * size.c * size.p, seed: 9)
            x[size.p] = .nan
            x[3 * size.p + 2] = .infinity
            let spoiled = Set([1, 3].map { size.owner(0, $0) })
            let found = try run(Float.self, isa, size, x: x, gradient: x.map { _ in 1 }, weight: nil, bias: nil)
            for (place, index) in kernelIndices(size.shape).enumerated() {
                let isSpoiled = spoiled.contains(size.owner(index[0], index[1]))
                #expect(found.y[place].isNaN == isSpoiled, "\(size) \(index)")
                #expect(found.dx[place].isNaN == isSpoiled, "\(size) \(index)")
            }
        }
    }

    private func checkResponse<E: FloatElement>(_: E.Type, _ isa: KernelISA, _ size: Size, window: Int, beta: Double)
        throws
    {
        let rounding = scalbn(1.0, -E.precision)
        let unit = E.Real.self == Double.self ? 0x1p-53 : 0x1p-24
        let x = numbers(size.n * size.c * size.p, seed: 10).map { E(nearest: $0).double }
        let g = numbers(size.n * size.c * size.p, seed: 11).map { E(nearest: $0).double }
        let (alpha, k) = (0.5, 1.5)
        var outcomes: [(y: [E], dx: [E])] = []
        for channelsLast in [false, true] {
            let (input, gradient): (KernelArray<E>, KernelArray<E>) = (
                lay(x, size, channelsLast: channelsLast), lay(g, size, channelsLast: channelsLast)
            )
            for cut in KernelCut.allCases {
                func go(
                    _ name: String,
                    _ out: KernelArray<some BitwiseCopyable>,
                    _ others: [KernelArray<E>],
                    _ shares: KernelArray<E.Real>? = nil
                ) throws {
                    var launch = KernelLaunch(
                        size.shape,
                        integers: [0, size.partImages, 32, 0, window],
                        numbers: [alpha, beta, k]
                    )
                    launch.add(out)
                    for other in others { launch.add(other) }
                    if let shares { launch.add(shares) }
                    try launch.run(kernel(name, E.name), isa, items: size.parts * size.c, cut: cut)
                }
                let y: KernelArray<E> = lay(x.map { _ in 7 }, size, channelsLast: channelsLast)
                let dx: KernelArray<E> = lay(x.map { _ in 7 }, size, channelsLast: channelsLast)
                let shares = KernelArray<E.Real>(size.shape, strides: size.strides(channelsLast: channelsLast)) { _ in 7
                }
                try go("local_response", y, [input])
                try go("local_response_shares", shares, [input, gradient])
                try go("local_response_backward", dx, [input, gradient], shares)
                outcomes.append((elements(y), elements(dx)))
            }
        }
        #expect(outcomes.allSatisfy { $0.y == outcomes[0].y && $0.dx == outcomes[0].dx }, "\(size)")
        func at(_ n: Int, _ c: Int, _ p: Int) -> Int { (n * size.c + c) * size.p + p }
        let windows = (0..<size.c).map { max(0, $0 - window / 2)...min(size.c - 1, $0 + (window - 1) / 2) }
        for index in kernelIndices(size.shape) {
            let (n, c, p) = (index[0], index[1], index[2])
            func base(_ c: Int) -> Double {
                k + alpha / Double(window) * windows[c].reduce(0) { $0 + x[at(n, $1, p)] * x[at(n, $1, p)] }
            }
            let y = x[at(n, c, p)] * pow(base(c), -beta)
            let bound = unit * Double(20 + 4 * window) * abs(y) + rounding * abs(y)
            #expect(abs(outcomes[0].y[at(n, c, p)].double - y) <= bound, "\(size) \(window) \(index)")
            var (dx, magnitude) = (g[at(n, c, p)] * pow(base(c), -beta), 1.0)
            for other in 0..<size.c where windows[other].contains(c) {
                let share = g[at(n, other, p)] * x[at(n, other, p)] * pow(base(other), -beta - 1)
                dx -= 2 * alpha * beta / Double(window) * x[at(n, c, p)] * share
                magnitude += abs(share)
            }
            let slack = unit * Double(20 + 4 * window) * 8 * magnitude + rounding * abs(dx)
            #expect(abs(outcomes[0].dx[at(n, c, p)].double - dx) <= slack, "\(size) \(window) \(index)")
        }
    }

    @Test("Local response norm and its derivative", arguments: KernelISA.available, [1, 2, 5, 40])
    func localResponse(isa: KernelISA, window: Int) throws {
        for size in [Size(1, 1, 2), Size(3, 5, 7), Size(2, 40, 35)] {
            for beta in [0.75, 0.6] {
                try checkResponse(Float.self, isa, size, window: window, beta: beta)
                try checkResponse(Double.self, isa, size, window: window, beta: beta)
            }
        }
    }
}
