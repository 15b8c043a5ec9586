import WeftTensor

/// An optimizer's state on its way into a state dict or out of one. What goes either way is described once, by calls
/// that write what they are given, or read it anew and note what is wrong.
struct StateExchange {
    private(set) var tensors: [String: Tensor]
    private(set) var problems: [StateDictError.Problem] = []
    private let isReading: Bool
    /// The names that something was read of.
    private var known: Set<String> = []

    /// What is written into a state dict that is empty at first.
    static var writing: StateExchange { StateExchange(tensors: [:], isReading: false) }

    /// What is read from `stateDict`.
    static func reading(_ stateDict: [String: Tensor]) -> StateExchange {
        StateExchange(tensors: stateDict, isReading: true)
    }

    private init(tensors: [String: Tensor], isReading: Bool) {
        self.tensors = tensors
        self.isReading = isReading
    }

    /// Notes the names that nothing was read of.
    mutating func finish() {
        if isReading { problems += Set(tensors.keys).subtracting(known).sorted().map { .unexpected(name: $0) } }
    }
}

// MARK: - Settings

extension StateExchange {
    /// The full name of a setting. There is one group of parameters.
    private static func name(of setting: String) -> String { "param_groups.0.\(setting)" }

    mutating func number(_ setting: String, _ number: inout Double) {
        var numbers = [number]
        exchange(Self.name(of: setting), &numbers, shape: [])
        number = numbers[0]
    }

    mutating func numbers(_ setting: String, _ numbers: inout [Double]) {
        exchange(Self.name(of: setting), &numbers, shape: [numbers.count])
    }

    mutating func truth(_ setting: String, _ truth: inout Bool) {
        guard let tensor = exchange(Self.name(of: setting), Tensor(truth)) else { return }
        truth = tensor.item() != 0
    }

    /// A setting that cannot change.
    mutating func constant(_ setting: String, _ constant: Tensor) {
        let name = Self.name(of: setting)
        guard let tensor = exchange(name, constant) else { return }
        let (found, expected) = (tensor.array(of: Double.self), constant.array(of: Double.self))
        if found != expected {
            problems.append(.value(name: name, reason: "it must be \(describe(expected)), not \(describe(found))"))
        }
    }

    /// Notes what makes no sense among settings that were read.
    mutating func note(_ settings: [SettingProblem]) {
        problems += settings.map { .value(name: Self.name(of: $0.setting), reason: $0.message) }
    }

    private mutating func exchange(_ name: String, _ numbers: inout [Double], shape: [Int]) {
        let written = Tensor(numbers, dtype: .float64).reshaped(shape)
        if let tensor = exchange(name, written) { numbers = tensor.array(of: Double.self) }
    }

    /// Writes `tensor`, or gives what is there in its place if it is alike.
    private mutating func exchange(_ name: String, _ tensor: Tensor) -> Tensor? {
        guard isReading else {
            tensors[name] = tensor
            return nil
        }
        known.insert(name)
        let misfits = stateDictMisfits(of: tensors[name], to: tensor, name: name)
        problems += misfits
        return misfits.isEmpty ? tensors[name] : nil
    }

    private func describe(_ numbers: [Double]) -> String {
        numbers.count == 1 ? "\(numbers[0])" : "\(numbers)"
    }
}

// MARK: - Memories

extension StateExchange {
    /// What is remembered of the parameter with the number `index`, which is like `parameter`. Its tensors are called
    /// `names`; the number of its steps is there if `countsSteps`.
    mutating func memory(
        _ memory: inout OptimizerMemory,
        of index: Int,
        like parameter: Tensor,
        names: [String],
        countsSteps: Bool
    ) {
        let prefix = "state.\(index)."
        guard isReading else {
            guard memory.steps > 0, !names.isEmpty else { return }
            for (name, tensor) in zip(names, memory.tensors) { tensors[prefix + name] = tensor }
            if countsSteps { tensors[prefix + "step"] = Self.tensor(steps: memory.steps) }
            return
        }
        memory = OptimizerMemory()
        let all = (countsSteps ? ["step"] : []) + names
        // One that has not taken part in a step yet has nothing.
        guard all.contains(where: { tensors[prefix + $0] != nil }) else { return }
        let steps = countsSteps ? readSteps(prefix + "step") : 1
        // Copied before anything is assigned: there may be no memory for it.
        let read = names.compactMap { exchange(prefix + $0, parameter)?.contiguous() }
        for (name, tensor) in zip(names, read) where tensor.isFailed { problems.append(.failed(name: prefix + name)) }
        if let steps, read.count == names.count { memory = OptimizerMemory(steps: steps, tensors: read) }
    }

    /// PyTorch counts in float32. From where that skips numbers, float64 does not.
    private static func tensor(steps: Int) -> Tensor {
        Tensor(full: [], Double(steps), dtype: steps <= 1 << 24 ? .float32 : .float64)
    }

    private mutating func readSteps(_ name: String) -> Int? {
        known.insert(name)
        guard let tensor = tensors[name] else {
            problems.append(.missing(name: name))
            return nil
        }
        if tensor.dtype != .float64 {
            // Only great numbers are written as float64.
            let misfits = stateDictMisfits(of: tensor, to: Tensor(standIn: Layout(), dtype: .float32), name: name)
            problems += misfits
            if !misfits.isEmpty { return nil }
        }
        guard !tensor.isFailed, tensor.rank == 0, let steps = Int(exactly: tensor.item()), steps > 0 else {
            problems.append(.value(name: name, reason: "a number of steps must be a whole number above 0"))
            return nil
        }
        return steps
    }
}
