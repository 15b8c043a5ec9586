internal import CKernels

/// What a launch over a recurrent layer reads and writes besides its operands. Whoever fills it in keeps alive what it
/// points to.
package struct RecurrenceTable {
    /// Elements for each direction, step and row of the batch, and the steps between these.
    package typealias Sequence = (start: UnsafeMutableRawPointer, direction: Int, step: Int, row: Int)

    private var raw = ck_recurrence()

    package init() {}

    /// - Parameters:
    ///   - biases: one for each direction, or none.
    ///   - projection: packed weights, and the elements from one direction's to the next.
    package mutating func setWeights(
        biases: [UnsafeMutableRawPointer],
        projection: (start: UnsafeMutableRawPointer, direction: Int)?
    ) {
        raw.bias.0 = biases.first.map { UnsafeRawPointer($0) }
        raw.bias.1 = biases.count > 1 ? UnsafeRawPointer(biases[1]) : nil
        raw.projection = projection.map { UnsafeRawPointer($0.start) }
        raw.projection_direction = Int64(projection?.direction ?? 0)
    }

    package mutating func setInitialStates(h: UnsafeMutableRawPointer?, c: UnsafeMutableRawPointer?) {
        raw.initial_h = h.map { UnsafeRawPointer($0) }
        raw.initial_c = c.map { UnsafeRawPointer($0) }
    }

    package mutating func setFinalC(_ c: UnsafeMutableRawPointer?) { raw.final_c = c }

    /// What the backward pass reads of the output, and the gradients that come in.
    package mutating func setOutput(
        _ output: Sequence,
        gradient: Sequence,
        finalH: UnsafeMutableRawPointer,
        finalC: UnsafeMutableRawPointer?
    ) {
        raw.output = Self.described(output)
        raw.output_gradient = Self.described(gradient)
        raw.final_h_gradient = UnsafeRawPointer(finalH)
        raw.final_c_gradient = finalC.map { UnsafeRawPointer($0) }
    }

    /// Where the backward pass writes gradients that are no operands.
    package mutating func setGradients(
        initialH: UnsafeMutableRawPointer,
        initialC: UnsafeMutableRawPointer?,
        projected: Sequence?
    ) {
        raw.initial_h_gradient = initialH
        raw.initial_c_gradient = initialC
        if let projected { raw.projected_gradient = Self.described(projected) }
    }

    private static func described(_ sequence: Sequence) -> ck_recurrence_sequence {
        ck_recurrence_sequence(
            data: sequence.start,
            direction: Int64(sequence.direction),
            step: Int64(sequence.step),
            row: Int64(sequence.row)
        )
    }

    /// Calls `body` with the table's address, and the number of steps of each row of the batch in it; nil if all have
    /// as many.
    package mutating func withPointer<R>(
        lengths: [Int]?,
        _ body: (UnsafeMutableRawPointer) throws -> R
    ) rethrows -> R {
        func call(_ table: inout ck_recurrence) throws -> R {
            try withUnsafeMutablePointer(to: &table) { try body(UnsafeMutableRawPointer($0)) }
        }
        guard let lengths else { return try call(&raw) }
        return try lengths.map(Int64.init).withUnsafeBufferPointer { lengths in
            raw.lengths = lengths.baseAddress
            defer { raw.lengths = nil }
            return try call(&raw)
        }
    }
}
