public import WeftTensor

/// The keys and values of the positions so far, for a model that writes one token after the other: each new position
/// then costs one query against what is remembered, and not the whole text again.
///
/// ```swift
/// var cache = KeyValueCache()
/// let prompt = cache.attend(queries, keys, values)        // All positions of the prompt, each seeing those before it.
/// let next = cache.attend(query, key, value)              // One more, which sees them all.
/// ```
///
/// Appending takes constant time for each position on average: there is room for as many again as there are, and nothing
/// is copied, unless somebody still holds ``keys`` or ``values`` from before. What is remembered carries no gradient.
public struct KeyValueCache: Sendable {
    /// How many positions are remembered.
    public private(set) var count = 0

    /// Room for more positions than there are, in the last axis but one. Zeros where there is none yet.
    private var room: (keys: Tensor, values: Tensor)?

    /// The least room that there is.
    private static let leastCapacity = 16

    public init() {}

    /// The keys of all positions, of shape `[…, count, E]`; nil before the first.
    public var keys: Tensor? { room.map { $0.keys[.ellipsis, 0..<count, 0...] } }

    /// The values of all positions, of shape `[…, count, F]`; nil before the first.
    public var values: Tensor? { room.map { $0.values[.ellipsis, 0..<count, 0...] } }

    /// Remembers more positions.
    ///
    /// - Parameters:
    ///   - key: of shape `[…, n, E]`, where … are the sizes of the first that were appended, such as batch and heads.
    ///   - value: of shape `[…, n, F]`.
    ///
    /// Refused, with nothing changed, for shapes and dtypes that do not fit each other or what is remembered.
    public mutating func append(
        _ key: Tensor,
        _ value: Tensor,
        file: StaticString = #fileID,
        line: UInt = #line
    ) {
        guard !key.isFailed, !value.isFailed, fits(key, value, at: CallSite(file, line)) else { return }
        let new = key.extent(key.rank - 2)
        guard makeRoom(for: count + new, like: key, value) else { return }
        room!.keys[.ellipsis, count..<count + new, 0...] = key.detached()
        room!.values[.ellipsis, count..<count + new, 0...] = value.detached()
        count += new
    }

    /// Remembers new positions, and gives what they attend to: each sees all before it and itself. Not recorded.
    ///
    /// - Parameters:
    ///   - query: of shape `[…, n, E]`, a query for each new position.
    ///   - key, value: theirs, as for ``append(_:_:file:line:)``.
    ///   - scale: by default 1 / √E.
    ///   - enableGQA: whether a head of keys and values serves several neighbouring heads of queries.
    /// - Returns: of shape `[…, n, F]`.
    ///
    /// Refused as `append` and `scaledDotProductAttention` are, and unless there are as many queries as keys.
    public mutating func attend(
        _ query: Tensor,
        _ key: Tensor,
        _ value: Tensor,
        scale: Double? = nil,
        enableGQA: Bool = false,
        file: StaticString = #fileID,
        line: UInt = #line
    ) -> Tensor {
        let site = CallSite(file, line)
        let before = count
        let call = Call("KeyValueCache", at: site)
        let last = Swift.max(value.rank - 1, 0)
        let standIn = Layout(nearest: query.shape.dropLast() + (value.rank > 0 ? [value.extent(last)] : []))
        return call.checked(standIn: standIn, query.dtype) { call throws(Refusal) in
            let new = query.rank >= 2 ? query.extent(query.rank - 2) : 0
            try call.require(
                query.rank >= 2 && key.rank >= 2 && key.extent(key.rank - 2) == new,
                "queries of shape \(query.shape) and keys of shape \(key.shape): there must be as many of either"
            )
            append(key, value, file: file, line: line)
            guard count == before + new, let keys, let values else {
                return Tensor(standIn: standIn, dtype: query.dtype)
            }
            // Without any before them, or with one alone, the rule is simpler than a mask.
            let mask: Tensor? =
                before == 0 || new == 1
                ? nil
                : Tensor(arange: 0..<count) .<= Tensor(arange: before..<count).unsqueezed(axis: 1)
            return scaledDotProductAttention(
                query.detached(),
                keys,
                values,
                mask: mask,
                isCausal: before == 0,
                scale: scale,
                enableGQA: enableGQA,
                file: file,
                line: line
            )
        }
    }

    /// Forgets all positions but the first `count`, and keeps their room.
    public mutating func keep(first count: Int) { self.count = Swift.min(Swift.max(count, 0), self.count) }

    private func fits(_ key: Tensor, _ value: Tensor, at site: CallSite) -> Bool {
        let named = "keys of shape \(key.shape) and values of shape \(value.shape)"
        guard key.rank >= 2, value.rank >= 2, key.dtype == value.dtype,
            key.extent(key.rank - 2) == value.extent(value.rank - 2)
        else {
            refuse(
                "KeyValueCache",
                "\(named), \(key.dtype) and \(value.dtype): there must be as many of either, of one dtype",
                at: site
            )
            return false
        }
        guard let room else { return true }
        func fits(_ new: Tensor, _ old: Tensor) -> Bool {
            let rank = new.rank
            return rank == old.rank && new.dtype == old.dtype
                && (0..<rank).allSatisfy { $0 == rank - 2 || new.extent($0) == old.extent($0) }
        }
        guard fits(key, room.keys), fits(value, room.values) else {
            refuse(
                "KeyValueCache",
                "\(named) do not fit what is remembered: \(count) keys of shape \(keys!.shape) and values of shape "
                    + "\(values!.shape), of \(room.keys.dtype)",
                at: site
            )
            return false
        }
        return true
    }

    /// Makes room for `wanted` positions; false, after refusing, if there is no memory for it.
    private mutating func makeRoom(for wanted: Int, like key: Tensor, _ value: Tensor) -> Bool {
        let capacity = room.map { $0.keys.extent($0.keys.rank - 2) } ?? 0
        if room != nil, wanted <= capacity { return true }
        let next = Swift.max(wanted, 2 * capacity, Self.leastCapacity)
        func larger(_ new: Tensor, _ old: Tensor?) -> Tensor {
            var room = Tensor(zeros: new.shape.dropLast(2) + [next, new.extent(new.rank - 1)], dtype: new.dtype)
            if let old, count > 0 { room[.ellipsis, 0..<count, 0...] = old[.ellipsis, 0..<count, 0...] }
            return room
        }
        let (keys, values) = (larger(key, room?.keys), larger(value, room?.values))
        if keys.isFailed || values.isFailed { return false }
        room = (keys, values)
        return true
    }
}
