import Weft

/// A result that names elements along an axis, any of equal ones.
struct FreeChoice {
    let input: Tensor
    let axis: Int

    /// Puts the elements that they name in the place of the last results, if these are indices of one shape.
    func settle(_ found: inout [Tensor], _ expected: inout [ExpectedValue]) {
        guard let mine = found.last, let wanted = expected.last?.tensor, mine.dtype == .int64, wanted.dtype == .int64,
            mine.shape == wanted.shape
        else { return }
        found[found.count - 1] = elements(mine)
        expected[expected.count - 1] = ExpectedValue(tensor: elements(wanted), isTensor: true)
    }

    private func elements(_ indices: Tensor) -> Tensor {
        let place = axis < 0 ? axis + max(input.rank, 1) : axis
        let whole = indices.rank < input.rank ? indices.unsqueezed(axis: place) : indices
        return input.detached().gather(axis: place, whole)
    }
}
