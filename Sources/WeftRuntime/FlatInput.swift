internal import CKernels

/// An input of a pointwise kernel whose elements lie side by side, in the output's order, or that has one element for
/// all of the output's.
package struct FlatInput {
    let raw: ck_flat_input

    /// - Parameter isRepeated: whether the element at `start` serves all elements of the output.
    package init(_ start: UnsafeMutableRawPointer, isRepeated: Bool) {
        raw = ck_flat_input(data: start, stride: isRepeated ? 0 : 1)
    }

    private init() { raw = ck_flat_input(data: nil, stride: 0) }

    /// In the place of an input that a kernel does not have.
    package static var none: FlatInput { FlatInput() }
}
