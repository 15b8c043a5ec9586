import WeftRuntime

/// What a subscript's steps name in a tensor of one shape.
struct IndexedPlace: Sendable {
    /// What the tensors among the indices pick from some of the dimensions that the other steps leave.
    struct Lookup: Sendable {
        /// Valid int64 indices of any shape, into the dimensions as if they were one, or a mask of their shape.
        let tensor: Tensor
        /// The first of the dimensions.
        let axis: Int
        /// How many dimensions it picks from.
        let dimensionCount: Int
        /// The flat places of a mask's true elements, where they were asked for already.
        var positions: Tensor?

        var isMask: Bool { tensor.dtype == .bool }
    }

    /// Elements and ranges counted from the front, and insertions. Where a tensor picks, dimensions are whole.
    private(set) var steps: [IndexStep] = []
    private(set) var lookup: Lookup?
    /// The order in which the lookup finds the dimensions that the steps leave; nil if it is their own.
    private(set) var order: [Int]?
    /// Whether the steps fit; if not, this was refused, and these are the nearest ones that do.
    private(set) var isValid = true

    /// Finds what `steps` name in `tensor`, and refuses what does not fit.
    init(_ allSteps: [IndexStep], in tensor: Tensor, at site: CallSite) {
        let layout = tensor.layout
        // Of the eight that there can be, most are seldom written.
        let steps = allSteps[..<((allSteps.lastIndex { !$0.isNothing } ?? -1) + 1)]
        let named = steps.reduce(0) { $0 + $1.dimensionCount }
        var axis = 0
        // A stand-in's shape may be a guess, which nobody can be blamed for.
        func reject(_ problem: @autoclosure () -> String) {
            if isValid, !tensor.isFailed { refuse("subscript", problem(), at: site) }
            isValid = false
        }
        if named > layout.rank {
            reject("\(named) indices are more than the dimensions of shape \(layout.shape)")
        }
        var hasRemainder = false
        var (dimensions, added) = (0, 0)
        var lookups: [Lookup] = []
        for step in steps {
            if axis + step.dimensionCount > layout.rank { continue }
            switch step {
            case .nothing: continue
            case .insertion:
                guard layout.rank + added < Layout.maximumRank else {
                    reject("there would be more than \(Layout.maximumRank) dimensions of shape \(layout.shape)")
                    continue
                }
                self.steps.append(.insertion)
                added += 1
                dimensions += 1
            case .remainder:
                guard !hasRemainder else {
                    reject("only one ellipsis is possible, of shape \(layout.shape)")
                    continue
                }
                hasRemainder = true
                for _ in 0..<max(layout.rank - named, 0) {
                    self.steps.append(.range(start: 0, end: layout.sizes[axis]))
                    axis += 1
                    dimensions += 1
                }
            case .element(let index):
                let size = layout.sizes[axis]
                let position = index < 0 ? index + size : index
                if position < 0 || position >= size {
                    let valid = size == 0 ? "which is empty" : "where \(-size) ... \(size - 1) are valid"
                    reject("index \(index) is out of range for dimension \(axis) of shape \(layout.shape), \(valid)")
                }
                self.steps.append(.element(isValid ? position : 0))
                axis += 1
            case .range(let first, let last, let stride):
                if stride < 1 {
                    reject("a range's step must be positive, not \(stride): flipped(axes:) turns an order around")
                }
                let size = layout.sizes[axis]
                func clipped(_ bound: Int) -> Int { min(max(bound < 0 ? bound + size : bound, 0), size) }
                let (start, end) = (first.map(clipped) ?? 0, last.map(clipped) ?? size)
                self.steps.append(.range(start: start, end: max(start, end), step: max(stride, 1)))
                axis += 1
                dimensions += 1
            case .tensor(let indices):
                let covered = step.dimensionCount
                if let problem = Self.problem(with: indices, at: axis, of: layout) {
                    reject(problem)
                } else if indices.isFailed
                    || !Self.isInRange(indices, axis, layout, isStandIn: tensor.isFailed, at: site)
                {
                    isValid = false
                }
                if covered > 0 {
                    lookups.append(Lookup(tensor: indices, axis: dimensions, dimensionCount: covered))
                }
                for _ in 0..<covered {
                    self.steps.append(.range(start: 0, end: layout.sizes[axis]))
                    axis += 1
                    dimensions += 1
                }
            }
        }
        let rank = layout.rank - axis + dimensions
        lookup = lookups.first
        if lookups.count > 1, isValid, !tensor.isFailed { join(lookups, rank: rank, in: layout, at: site) }
        if let lookup, !lookup.isMask, rank - lookup.dimensionCount + lookup.tensor.rank > Layout.maximumRank {
            reject(
                "shape \(layout.shape) indexed with shape \(lookup.tensor.shape) has more than "
                    + "\(Layout.maximumRank) dimensions"
            )
            self.lookup = nil
        }
        if isValid, let lookup, !lookup.isMask, !tensor.isFailed {
            let shape = standIn(in: layout).shape
            if Layout.checked(shape, operation: "subscript", at: site) == nil { isValid = false }
        }
    }

    /// Makes one lookup of several, whose indices broadcast: they pick from all their dimensions as if these were one.
    /// The indices' shape takes the place of the dimensions where these are neighbours, and comes first otherwise.
    private mutating func join(_ lookups: [Lookup], rank: Int, in layout: Layout, at site: CallSite) {
        let region = layout.part(steps)
        var flat: Tensor?
        var picked: [Int] = []
        for lookup in lookups {
            let axes = lookup.axis..<(lookup.axis + lookup.dimensionCount)
            let size = axes.reduce(1) { $0 * region.sizes[$1] }
            let own = lookup.tensor.detached()
            let indices = lookup.isMask ? own.truePositions(at: site) : `where`(own .< 0, own + size, own)
            if let others = flat, Layout.broadcast(others.layout, indices.layout) == nil {
                let mismatch = Call.mismatch([others, indices])
                refuse("subscript", "the tensors among the indices do not broadcast: \(mismatch)", at: site)
                isValid = false
                return
            }
            flat = flat.map { $0 * size + indices } ?? indices
            picked += axes
        }
        guard let flat, let first = picked.first else { return }
        let areNeighbours = picked == Array(first..<(first + picked.count))
        if !areNeighbours { order = picked + (0..<rank).filter { !picked.contains($0) } }
        lookup = Lookup(tensor: flat, axis: areNeighbours ? first : 0, dimensionCount: picked.count)
        if flat.isFailed { isValid = false }
    }

    /// The part that the steps name in a tensor of `layout`, in the order in which the lookup finds its dimensions.
    func region(of layout: Layout) -> Layout {
        let part = layout.part(steps)
        guard let order else { return part }
        var result = part
        for (axis, source) in order.enumerated() {
            result.setDimension(axis, size: part.sizes[source], stride: part.strides[source])
        }
        return result
    }

    /// What is wrong with a tensor as an index from dimension `axis` on; nil if nothing but perhaps its values.
    private static func problem(with indices: Tensor, at axis: Int, of layout: Layout) -> String? {
        guard indices.dtype != .int64 else { return nil }
        guard indices.dtype == .bool else {
            return "a tensor among the indices must be int64, which names elements, or bool, a mask of them, "
                + "not \(indices.dtype)"
        }
        guard indices.rank > 0, (0..<indices.rank).allSatisfy({ indices.extent($0) == layout.sizes[axis + $0] }) else {
            return "a mask of shape \(indices.shape) does not fit the dimensions from \(axis) on of shape "
                + "\(layout.shape): it needs one dimension at least, and their sizes"
        }
        return nil
    }

    private static func isInRange(
        _ indices: Tensor,
        _ axis: Int,
        _ layout: Layout,
        isStandIn: Bool,
        at site: CallSite
    ) -> Bool {
        if indices.dtype != .int64 || isStandIn { return true }
        do throws(Refusal) {
            try indices.requireIndices(Call("subscript", at: site), extent: layout.sizes[axis])
            return true
        } catch {
            return false
        }
    }

    /// The shape that the part has in a tensor of `layout`, as far as it can be told: a mask that was refused is taken
    /// to select everything.
    func standIn(in layout: Layout) -> Layout {
        let region = region(of: layout).rowMajor
        guard let lookup else { return region }
        let all = (0..<lookup.dimensionCount).reduce(1) { $0 &* region.sizes[lookup.axis + $1] }
        return region.replacing(lookup, with: lookup.isMask ? [all] : lookup.tensor.shape)
    }

    /// Whether `value` broadcasts to the part of `tensor`; refuses if not. Finds a mask's positions where the value has
    /// an element for each.
    mutating func takes(_ value: Tensor, in tensor: Tensor, at site: CallSite) -> Bool {
        var wanted = region(of: tensor.layout)
        if var lookup {
            var sizes = lookup.tensor.shape
            if lookup.isMask {
                let after = wanted.rank - lookup.axis - lookup.dimensionCount
                let own = value.rank - 1 - after
                let isSpread = own < 0 || value.extent(own) == 1
                if !isSpread {
                    let positions = lookup.tensor.truePositions(at: site)
                    if positions.isFailed { return false }
                    lookup.positions = positions
                    self.lookup = lookup
                }
                sizes = [lookup.positions?.count ?? 1]
            }
            wanted = wanted.replacing(lookup, with: sizes)
        }
        guard value.layout.expanded(to: wanted) == nil else { return true }
        let part =
            switch lookup {
            case .some(let lookup) where lookup.isMask:
                lookup.positions.map { "the shape \(describe(wanted)) of the \($0.count) that the mask selects" }
                    ?? "what the mask selects"
            default: "the part's shape \(describe(wanted))"
            }
        refuse("subscript", "shape \(value.shape) does not broadcast to \(part) of \(tensor.shape)", at: site)
        return false
    }
}

extension IndexStep {
    /// How many dimensions it names.
    fileprivate var dimensionCount: Int {
        switch self {
        case .element, .range: 1
        case .tensor(let indices): indices.dtype == .bool ? indices.rank : 1
        case .insertion, .remainder, .nothing: 0
        }
    }

    /// Whether it stands for an index that was not written.
    fileprivate var isNothing: Bool { if case .nothing = self { true } else { false } }
}

extension Layout {
    /// The part that `steps` name, which were resolved.
    func part(_ steps: [IndexStep]) -> Layout {
        var result = self
        var axis = 0
        for step in steps {
            switch step {
            case .element(let index):
                result.offset += index * result.strides[axis]
                result.remove(axis)
            case .range(let start?, let end?, let stride):
                result = result.part(axis: axis, start: start, end: end, step: stride)
                axis += 1
            case .insertion:
                result.insert(size: 1, stride: 0, at: axis)
                axis += 1
            case .range, .remainder, .tensor, .nothing: preconditionFailure("steps were resolved")
            }
        }
        return result
    }

    /// Row-major, with `sizes` in the place of the dimensions that `lookup` picks from.
    func replacing(_ lookup: IndexedPlace.Lookup, with sizes: [Int]) -> Layout {
        var shape = self.shape
        shape.replaceSubrange(lookup.axis..<(lookup.axis + lookup.dimensionCount), with: sizes)
        return Layout(rowMajor: shape)
    }
}
