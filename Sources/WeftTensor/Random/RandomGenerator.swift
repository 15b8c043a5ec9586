import Synchronization
import WeftRuntime

/// A source of random numbers that is the same sequence for the same seed on every machine and at any number
/// of threads: element *i* of the *n*-th tensor drawn depends on the seed, *n* and *i* alone.
///
/// The numbers are those of Philox 4x32-10: Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3" (2011).
///
/// It is a Swift `RandomNumberGenerator` as well, so that `array.shuffle(using: &generator)` and
/// `Int.random(in: 0..<10, using: &generator)` draw from the same sequence; each number counts as one draw.
///
/// Any number of tasks may draw from one generator at once; which gets which numbers is then a matter of chance.
public final class RandomGenerator: RandomNumberGenerator, Sendable {
    /// Where a generator stands: all that there is to save and to restore.
    public struct State: Sendable, Hashable, Codable {
        /// What the numbers are computed from.
        public var seed: UInt64
        /// How many draws there were: the number of the next one.
        public var drawCount: UInt64

        public init(seed: UInt64, drawCount: UInt64 = 0) {
            self.seed = seed
            self.drawCount = drawCount
        }
    }

    private let place: Mutex<State>

    /// A generator at the start of the sequence of `seed`.
    public init(seed: UInt64) { place = Mutex(State(seed: seed)) }

    /// A generator that goes on where another stood.
    public init(state: State) { place = Mutex(state) }

    /// What the numbers are computed from.
    public var seed: UInt64 { state.seed }

    /// Where the generator stands. Two generators of the same state give the same numbers from there on.
    public var state: State {
        get { place.withLock { $0 } }
        set { place.withLock { $0 = newValue } }
    }

    /// The generator of the current task: the innermost `withRandomSeed`'s, or else `shared`.
    public static var current: RandomGenerator { scoped ?? shared }

    /// The one generator of the process, which every task draws from that is not inside a `withRandomSeed`. Its seed is
    /// different in every run, unless `manualSeed` sets it.
    public static let shared = RandomGenerator(seed: .random(in: .min ... .max))

    @TaskLocal fileprivate static var scoped: RandomGenerator?

    /// The next 64 random bits: the one element of a draw of its own.
    public func next() -> UInt64 {
        guard let handle = KernelFamily.randomIntegers[.int64] else {
            preconditionFailure("random integers are int64")
        }
        var bits: UInt64 = 0
        withUnsafeMutablePointer(to: &bits) { bits in
            var launch = Launch(handle, elements: 1, nanosecondsPerItem: PointwiseCost.transcendental)
            launch.append(UnsafeMutableRawPointer(bits), stride: 1)
            launch.setDraw(from: self)
            Tensor.runWithoutScratch(&launch)
        }
        return bits
    }

    /// The state that the next draw is made from; the one after gets the next.
    func draw() -> State {
        place.withLock { state in
            defer { state.drawCount &+= 1 }
            return state
        }
    }
}

extension Launch {
    /// Makes this launch of a kernel that draws the next draw from `generator`.
    mutating func setDraw(from generator: RandomGenerator) {
        let state = generator.draw()
        setInteger(0, Int(bitPattern: UInt(state.seed)))
        setInteger(1, Int(bitPattern: UInt(state.drawCount)))
    }
}

/// Sets the seed of the process's generator, `RandomGenerator.shared`, and starts its sequence anew: from here on a
/// program that draws in a fixed order gets the same numbers in every run.
///
/// It holds for whatever draws from that generator, in any task. What runs inside a `withRandomSeed`, or is given a
/// generator of its own, neither sees nor disturbs it. Where several tasks draw from it at once, each draw is one of the
/// sequence's, but which is a matter of chance: give such tasks a `withRandomSeed` each.
public func manualSeed(_ seed: UInt64) {
    RandomGenerator.shared.state = RandomGenerator.State(seed: seed)
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
    static let randomIntegers = KernelFamily("random_integers")
}

extension Tensor {
    /// Numbers evenly distributed over `range`, which may be wider than the largest number of `dtype`.
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
            self = Tensor(standIn: Layout.checked(shape, operation: "uniform", at: site) ?? Layout(), dtype: dtype)
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
            self = Tensor(standIn: Layout.checked(shape, operation: "normal", at: site) ?? Layout(), dtype: dtype)
            return
        }
        self = .drawn(.normal, shape, dtype, mean, standardDeviation, generator: generator, at: site)
        if requiresGrad { self = withRequiresGrad(file: file, line: line) }
    }

    /// What dropout multiplies by: 0 with `probability`, else `scale`, by default 1 / (1 - `probability`), so that the mean
    /// stays 1.
    package static func dropoutMask(
        _ shape: [Int],
        dtype: DType,
        probability: Double,
        scale: Double? = nil,
        generator: RandomGenerator? = nil,
        at site: CallSite?
    ) -> Tensor {
        let keep = 1 - probability
        let value = scale ?? (keep > 0 ? 1 / keep : 0)
        return drawn(.bernoulli, shape, dtype, keep, value, generator: generator, at: site)
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
        result.generate(handle, cost: PointwiseCost.transcendental) { launch in
            launch.setDraw(from: generator ?? .current)
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
        default: value.isFinite
        }
    }
}
