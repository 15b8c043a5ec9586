import Synchronization
import WeftRuntime

/// A source of random numbers that is the same sequence for the same seed on every machine and at any number
/// of threads: element *i* of the *n*-th tensor drawn depends on the seed, *n* and *i* alone.
///
/// The numbers are those of Philox 4x32-10: Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3" (2011).
public final class RandomGenerator: Sendable {
    public let seed: UInt64
    private let drawn = Atomic<Int>(0)

    public init(seed: UInt64) { self.seed = seed }

    /// The generator of the current task: the innermost `withRandomSeed`'s, or else one that the whole process
    /// shares, whose seed is different in every run.
    public static var current: RandomGenerator { scoped ?? shared }

    @TaskLocal fileprivate static var scoped: RandomGenerator?

    private static let shared = RandomGenerator(seed: .random(in: .min ... .max))

    /// The number of the next tensor.
    fileprivate func next() -> Int { drawn.add(1, ordering: .relaxed).oldValue }
}

/// Runs `body` with random numbers that depend on `seed` and the order of the draws alone. Child tasks draw from the
/// same sequence: give each a seed of its own where their order is not certain.
public func withRandomSeed<R>(_ seed: UInt64, _ body: () throws -> R) rethrows -> R {
    try RandomGenerator.$scoped.withValue(RandomGenerator(seed: seed), operation: body)
}

/// Runs `body` with random numbers that depend on `seed` and the order of the draws alone. Child tasks draw from the
/// same sequence: give each a seed of its own where their order is not certain.
public func withRandomSeed<R>(
    _ seed: UInt64,
    isolation: isolated (any Actor)? = #isolation,
    _ body: () async throws -> R
) async rethrows -> R {
    try await RandomGenerator.$scoped.withValue(RandomGenerator(seed: seed), operation: body, isolation: isolation)
}

extension KernelFamily {
    fileprivate static let uniform = KernelFamily("uniform")
    fileprivate static let normal = KernelFamily("normal")
    fileprivate static let bernoulli = KernelFamily("bernoulli")
}

extension Tensor {
    /// Numbers evenly distributed over `range`.
    ///
    /// Refused if a bound is beyond the finite numbers of `dtype`.
    ///
    /// - Parameter generator: by default the current task's.
    public init(
        uniform shape: [Int],
        in range: Range<Double> = 0..<1,
        dtype: DType = .float32,
        requiresGrad: Bool = false,
        generator: RandomGenerator? = nil,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        let site = CallSite(file, line)
        guard dtype.rangeHolds(range.lowerBound), dtype.rangeHolds(range.upperBound) else {
            refuse(
                "uniform",
                "the bounds \(range.lowerBound) and \(range.upperBound) are not finite as \(dtype)",
                at: site
            )
            self = Tensor(standIn: Layout(), dtype: dtype)
            return
        }
        self = .drawn(.uniform, shape, dtype, range.lowerBound, range.upperBound, generator: generator, at: site)
        if requiresGrad { self = withRequiresGrad(file: file, line: line) }
    }

    /// Normally distributed numbers.
    ///
    /// Refused for a negative `standardDeviation`.
    ///
    /// - Parameter generator: by default the current task's.
    public init(
        normal shape: [Int],
        mean: Double = 0,
        standardDeviation: Double = 1,
        dtype: DType = .float32,
        requiresGrad: Bool = false,
        generator: RandomGenerator? = nil,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        let site = CallSite(file, line)
        guard standardDeviation >= 0 else {
            refuse("normal", "the standard deviation \(standardDeviation) is negative", at: site)
            self = Tensor(standIn: Layout(), dtype: dtype)
            return
        }
        self = .drawn(.normal, shape, dtype, mean, standardDeviation, generator: generator, at: site)
        if requiresGrad { self = withRequiresGrad(file: file, line: line) }
    }

    /// What dropout multiplies by: 0 with `probability`, else 1 / (1 - `probability`), so that the mean stays 1.
    package static func dropoutMask(
        _ shape: [Int],
        dtype: DType,
        probability: Double,
        at site: CallSite?
    ) -> Tensor {
        let keep = 1 - probability
        return drawn(.bernoulli, shape, dtype, keep, keep > 0 ? 1 / keep : 0, generator: nil, at: site)
    }

    private static func drawn(
        _ family: KernelFamily,
        _ shape: [Int],
        _ dtype: DType,
        _ first: Double,
        _ second: Double,
        generator: RandomGenerator?,
        at site: CallSite?
    ) -> Tensor {
        let operation = family.name
        guard let layout = Layout.checked(shape, operation: operation, at: site) else {
            return Tensor(standIn: Layout(), dtype: dtype)
        }
        let result = uninitialized(like: layout, dtype: dtype, operation: operation, at: site)
        guard !result.isFailed, let handle = result.kernel(of: family, at: site) else {
            return .failed(like: result)
        }
        let generator = generator ?? .current
        let number = generator.next()
        result.generate(handle, cost: PointwiseCost.transcendental) { launch in
            launch.setInteger(0, Int(bitPattern: UInt(generator.seed)))
            launch.setInteger(1, number)
            launch.setNumber(0, first)
            launch.setNumber(1, second)
        }
        return result
    }
}

extension DType {
    /// Whether `value` stays finite when it is rounded to this dtype; other dtypes than floating point are not asked.
    fileprivate func rangeHolds(_ value: Double) -> Bool {
        switch self {
        case .float16, .bfloat16: HalfBits(value, as: self).value(as: self).isFinite
        case .float32: Float(value).isFinite
        case .bool, .int64, .float64: value.isFinite
        }
    }
}
