import CKernels
import Foundation
import Testing

/// Reductions of the floating-point types beside float32.
@Suite("Reduction kernels of other floats")
struct FloatReductionKernelTests {
    /// What sums are stored as, and its rounding error relative to a number's size.
    private func unit<E: FloatElement>(_: E.Type) -> Wide { E.Real.self == Double.self ? 0x1p-53 : 0x1p-24 }

    /// Runs a reduction for every cut of its items, checks that all cuts agree, and returns the output.
    private func reduce<E: FloatElement, Output: BitwiseCopyable>(
        _ operation: String,
        _ isa: KernelISA,
        _ input: KernelArray<E>,
        centers: KernelArray<E.Real>? = nil,
        kept: Int,
        parts: Int = 1,
        scale: Double = 1,
        zero: Output
    ) throws -> [Output] {
        let reduced = input.shape[kept...].reduce(1, *)
        let items = parts * input.shape[..<kept].reduce(1, *)
        let outputs = try KernelCut.allCases.map { cut in
            let output = KernelArray<Output>([items]) { _ in zero }
            var launch = KernelLaunch(
                input.shape,
                integers: [kept, parts, (reduced + parts - 1) / parts],
                numbers: [scale]
            )
            launch.add(output, strides: [])
            launch.add(input)
            if let centers { launch.add(centers, strides: []) }
            try launch.run(kernel(operation, E.name), isa, items: items, cut: cut)
            return output
        }
        #expect(outputs.allSatisfy { $0.bytes == outputs[0].bytes }, "a cut of the items changed the result")
        return outputs[0].values
    }

    private func groups<E>(_ input: KernelArray<E>, kept: Int) -> [[E]] {
        let reduced = kernelIndices(Array(input.shape[kept...]))
        return kernelIndices(Array(input.shape[..<kept])).map { outer in reduced.map { input[outer + $0] } }
    }

    /// Calls `body` with inputs of every shape, in every layout; a few numbers, so that extrema are repeated.
    private func forEachInput<E: FloatElement>(_: E.Type, _ body: (KernelArray<E>, _ kept: Int) throws -> Void) rethrows
    {
        for (kept, reduced) in ReductionKernelTests.shapes {
            for layout in KernelLayout.allCases {
                var random = KernelRandom(UInt64((kept + reduced).reduce(7) { $0 &* 31 &+ $1 }))
                let values = (0..<37).map { _ in E(nearest: Double(random.float())) }
                try body(KernelArray(kept + reduced, layout) { _ in values[random.integer(below: 37)] }, kept.count)
            }
        }
    }

    private func checkSums<E: FloatElement>(_: E.Type, _ isa: KernelISA) throws {
        try forEachInput(E.self) { input, kept in
            let sums: [E.Real] = try reduce("sum", isa, input, kept: kept, scale: 0.5, zero: 9)
            let groups = groups(input, kept: kept)
            let centers = KernelArray<E.Real>([groups.count]) { E.Real($0 % 3) - 0.5 }
            let squares: [E.Real] = try reduce("squares", isa, input, centers: centers, kept: kept, zero: 9)
            for (index, group) in groups.enumerated() {
                let numbers = group.map { Wide($0.real) }
                let error = Wide(log2(Double(group.count)) + 22) * unit(E.self)
                let size = numbers.reduce(0) { $0 + $1.magnitude }
                #expect((Wide(sums[index]) - 0.5 * numbers.reduce(0, +)).magnitude <= error * size)
                let center = Wide(centers.values[index])
                let exact = numbers.reduce(0) { $0 + ($1 - center) * ($1 - center) }
                #expect((Wide(squares[index]) - exact).magnitude <= error * exact)
            }
        }
        let rows = KernelArray<E>([5, 10]) { E(nearest: Double($0)) }
        let parts: [E.Real] = try reduce("sum", isa, rows, kept: 1, parts: 3, zero: 9)
        for part in 0..<3 {
            for row in 0..<5 {
                let columns = (part * 4)..<min(part * 4 + 4, 10)
                let expected: Int = columns.reduce(0) { $0 + row * 10 + $1 }
                #expect(Int(parts[part * 5 + row]) == expected)
            }
        }
    }

    @Test("Sums are those of exact arithmetic to a few roundings", arguments: KernelISA.available)
    func sums(isa: KernelISA) throws {
        try checkSums(Double.self, isa)
        try checkSums(HalfElement.self, isa)
        try checkSums(BrainElement.self, isa)
    }

    private func checkInfiniteCenters<E: FloatElement>(_: E.Type, _ isa: KernelISA) throws {
        for reduced in 1...70 {
            for layout in KernelLayout.allCases {
                let input = KernelArray<E>([3, reduced], layout) { E(nearest: Double($0 % 5)) }
                let centers = KernelArray<E.Real>([.infinity, 1, -.infinity])
                let squares: [E.Real] = try reduce("squares", isa, input, centers: centers, kept: 1, zero: 9)
                #expect(squares.map(\.isFinite) == [false, true, false])
                #expect(squares[0] == .infinity && squares[2] == .infinity, "\(E.name) \(reduced) \(layout)")
            }
        }
    }

    @Test("Finite elements are infinitely far from an infinite centre", arguments: KernelISA.available)
    func infiniteCenters(isa: KernelISA) throws {
        try checkInfiniteCenters(Float.self, isa)
        try checkInfiniteCenters(Double.self, isa)
        try checkInfiniteCenters(HalfElement.self, isa)
        try checkInfiniteCenters(BrainElement.self, isa)
    }

    private func checkExtrema<E: FloatElement>(_: E.Type, _ isa: KernelISA) throws {
        try forEachInput(E.self) { input, kept in
            let groups = groups(input, kept: kept).map { $0.map(\.real) }
            let none = E(nearest: 9)
            let maxima: [E] = try reduce("max", isa, input, kept: kept, zero: none)
            let minima: [E] = try reduce("min", isa, input, kept: kept, zero: none)
            #expect(maxima.map(\.real) == groups.map { $0.max()! })
            #expect(minima.map(\.real) == groups.map { $0.min()! })
            let last: [Int64] = try reduce("argmax", isa, input, kept: kept, zero: 9)
            let first: [Int64] = try reduce("argmin", isa, input, kept: kept, zero: 9)
            #expect(last == groups.map { group in Int64(group.firstIndex(of: group.max()!)!) })
            #expect(first == groups.map { group in Int64(group.firstIndex(of: group.min()!)!) })
        }
        let withNaN = KernelArray<E>([3, 40], .reversed) { E(nearest: $0 == 31 ? .nan : Double($0 % 7)) }
        let maxima: [E] = try reduce("max", isa, withNaN, kept: 1, zero: E(nearest: 9))
        #expect(maxima.map(\.isNaN) == [false, true, false])
        let place: [Int64] = try reduce("argmin", isa, withNaN, kept: 1, zero: 9)
        #expect(place[1] == 10)
    }

    @Test("Extrema are exact, at the first place, and NaN where there is one", arguments: KernelISA.available)
    func extrema(isa: KernelISA) throws {
        try checkExtrema(Double.self, isa)
        try checkExtrema(HalfElement.self, isa)
        try checkExtrema(BrainElement.self, isa)
    }

    private func checkRunningSums<E: FloatElement>(_: E.Type, _ isa: KernelISA) throws {
        for layout in KernelLayout.allCases {
            let input = KernelArray<E>([3, 70, 21], layout) { E(nearest: Double($0 % 17) / 8 - 1) }
            let output = KernelArray<E>([3, 70, 21]) { _ in E(nearest: 77) }
            var launch = KernelLaunch([3, 70, 21])
            launch.add(output)
            launch.add(input)
            try launch.run(kernel("cumulative_sum", E.name), isa, items: 210, cut: .uneven)
            for outer in kernelIndices([3, 70]) {
                var total: E.Real = 0
                for i in 0..<21 {
                    // Small multiples of an eighth: every sum is exact.
                    total += input[outer + [i]].real
                    #expect(alike(output[outer + [i]], E(rounding: total)))
                }
            }
        }
    }

    @Test("Running sums are rounded at each place only", arguments: KernelISA.available)
    func runningSums(isa: KernelISA) throws {
        try checkRunningSums(Double.self, isa)
        try checkRunningSums(HalfElement.self, isa)
        try checkRunningSums(BrainElement.self, isa)
    }
}
