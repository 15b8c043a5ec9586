import WeftRuntime

extension Tensor {
    /// The part of the tensor that `indices` name, one for each dimension from the first:
    ///
    /// ```swift
    /// t[0]                  // the first row
    /// t[1..<3, -1]          // the last column of two rows
    /// t[.ellipsis, 0]       // the first element along the last dimension
    /// t[(0...).by(2)]       // every other row
    /// t[.newAxis]           // with a new first dimension
    /// t[0..., indices]      // the columns that an int64 tensor names, in its order
    /// t[rows, columns]      // the elements that two int64 tensors name together
    /// t[t .> 0]             // the elements where a mask is true, in one dimension
    /// ```
    ///
    /// Dimensions that no index names are taken whole. Without a tensor among the indices the result shares memory
    /// until one of the two is written.
    ///
    /// Assigning broadcasts the new value to the part and converts it to this tensor's dtype. Where a tensor names an
    /// element more than once, the last value for it stays.
    ///
    /// A range takes what there is of it: its bounds are moved to the nearest end of the dimension, for reading and for
    /// assigning, and a start behind the end gives nothing. So the last batch needs no case of its own in
    /// `for start in stride(from: 0, to: n, by: 32) { train(x[start ..< start + 32]) }`, as in PyTorch and NumPy.
    /// An integer, by contrast, names one element, which has to exist.
    ///
    /// An int64 tensor takes one dimension, and its shape that dimension's place; negative values count from the end. A
    /// bool tensor, a mask, takes as many dimensions as it has, of the same sizes, and leaves one, as long as it has
    /// true elements. Gradients flow through either.
    ///
    /// Several tensors broadcast together, a mask as the places of its true elements, and each of their elements names
    /// one place in all of their dimensions. Their common shape takes these dimensions' place if they are neighbours
    /// and comes first otherwise, as in PyTorch.
    ///
    /// Refused for more indices than dimensions, integers out of range, steps below 1, a mask of other sizes than its
    /// dimensions', tensors of other dtypes, and tensors that do not broadcast together. Inside `withTensorErrors` what
    /// a refused mask would have selected is taken to be everything.
    public subscript<
        A: TensorIndex,
        B: TensorIndex,
        C: TensorIndex,
        D: TensorIndex,
        E: TensorIndex,
        F: TensorIndex,
        G: TensorIndex,
        H: TensorIndex
    >(
        _ a: A, _ b: B = .absent, _ c: C = .absent, _ d: D = .absent,
        _ e: E = .absent, _ f: F = .absent, _ g: G = .absent, _ h: H = .absent,
        file file: StaticString = #fileID, line line: UInt = #line
    ) -> Tensor {
        get {
            part(
                [
                    a.indexStep, b.indexStep, c.indexStep, d.indexStep,
                    e.indexStep, f.indexStep, g.indexStep, h.indexStep,
                ],
                at: CallSite(file, line)
            )
        }
        set {
            assign(
                newValue,
                to: [
                    a.indexStep, b.indexStep, c.indexStep, d.indexStep,
                    e.indexStep, f.indexStep, g.indexStep, h.indexStep,
                ],
                at: CallSite(file, line)
            )
        }
    }

    /// Assigns a Swift number to every element of the part that `indices` name: `t[0, 0] = 7`, `t[t .< 0] = 0.0`.
    ///
    /// Only for assigning. The part reads as a tensor, and one element of it as a number with `item(as:)`.
    @_disfavoredOverload
    public subscript<
        A: TensorIndex,
        B: TensorIndex,
        C: TensorIndex,
        D: TensorIndex,
        E: TensorIndex,
        F: TensorIndex,
        G: TensorIndex,
        H: TensorIndex
    >(
        _ a: A, _ b: B = .absent, _ c: C = .absent, _ d: D = .absent,
        _ e: E = .absent, _ f: F = .absent, _ g: G = .absent, _ h: H = .absent,
        file file: StaticString = #fileID, line line: UInt = #line
    ) -> any TensorScalar {
        // No type of number here: `t[0] += 1` would be that number's.
        @available(*, unavailable, message: "a part of a tensor is a tensor: read its one element with item(as:)")
        get { self[a, b, c, d, e, f, g, h, file: file, line: line].item() }
        set {
            assign(
                Tensor.scalar(newValue, dtype: dtype),
                to: [
                    a.indexStep, b.indexStep, c.indexStep, d.indexStep,
                    e.indexStep, f.indexStep, g.indexStep, h.indexStep,
                ],
                at: CallSite(file, line)
            )
        }
    }

    func part(_ steps: [IndexStep], at site: CallSite) -> Tensor {
        let place = IndexedPlace(steps, in: self, at: site)
        guard !isFailed, place.isValid else { return Tensor(standIn: place.standIn(in: layout), dtype: dtype) }
        return part(place, at: site)
    }

    private mutating func assign(_ value: Tensor, to steps: [IndexStep], at site: CallSite) {
        guard isWritable(operation: "subscript", at: site) else { return }
        overwrite(steps, with: value, at: site)
    }

    /// This tensor with `value` at the part that `steps` name: as `assign`, but also of a leaf, which stays as it is.
    func assigned(_ value: Tensor, to steps: [IndexStep], at site: CallSite) -> Tensor {
        var result = recordsGradient ? self : detached()
        result.overwrite(steps, with: value, at: site)
        return result
    }

    private mutating func overwrite(_ steps: [IndexStep], with value: Tensor, at site: CallSite) {
        var place = IndexedPlace(steps, in: self, at: site)
        guard place.isValid, !isFailed, !value.isFailed, place.takes(value, in: self, at: site) else { return }
        let converted = value.converted(to: dtype, at: site)
        if converted.isFailed { return }
        put(converted, into: place, at: site)
    }

    /// The part at `place`, which was found in a tensor of this shape.
    private func part(_ place: IndexedPlace, at site: CallSite?) -> Tensor {
        var result = self
        if recordsGradient {
            var axis = 0
            for step in place.steps {
                switch step {
                case .element(let index):
                    result = result.sliced(axis: axis, start: index, count: 1).removingAxis(axis)
                case .range(let start?, let end?, let stride):
                    if stride != 1 {
                        result = result.stepped(axis: axis, start: start, end: end, step: stride)
                    } else if start != 0 || end != result.layout.sizes[axis] {
                        result = result.sliced(axis: axis, start: start, count: end - start)
                    }
                    axis += 1
                case .insertion:
                    result = result.insertingAxis(axis)
                    axis += 1
                case .range, .remainder, .tensor, .nothing: preconditionFailure("steps were resolved")
                }
            }
        } else if !place.steps.isEmpty {
            result = view(layout.part(place.steps))
        }
        if let order = place.order { result = result.permutedUnchecked(order) }
        guard let lookup = place.lookup else { return result }
        return result.selected(by: lookup, at: site)
    }

    /// Overwrites the part at `place`, which was found in a tensor of this shape, with `value`, which broadcasts to it
    /// and has this tensor's dtype; recorded if either is.
    private mutating func put(_ value: Tensor, into place: IndexedPlace, at site: CallSite?) {
        guard recordsGradient || value.recordsGradient else {
            if makeUnique(at: site) { overwrite(place, with: value, at: site) }
            return
        }
        var result = detached()
        guard result.makeUnique(at: site) else { return }
        result.overwrite(place, with: value.detached(), at: site)
        self = .recorded(RecordedOperation(.subscript), result, from: self, value) { gradient, step in
            var kept = gradient
            kept.put(Tensor.scalar(0.0, beside: gradient), into: place, at: nil)
            step.give(0, kept)
            step.give(1, gradient.part(place, at: nil))
        }
    }

    /// Writes to the part at `place`; nothing else uses the memory.
    private func overwrite(_ place: IndexedPlace, with value: Tensor, at site: CallSite?) {
        let region = place.region(of: layout)
        if let lookup = place.lookup {
            overwrite(region, at: lookup, with: value, at: site)
        } else {
            overwrite(region, with: value)
        }
    }
}
