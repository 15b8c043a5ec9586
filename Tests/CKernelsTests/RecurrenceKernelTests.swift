import CKernels
import Testing

/// The kernels of recurrent layers against the definition in plain loops, on every instruction set.
@Suite("Recurrence kernels")
struct RecurrenceKernelTests {
    typealias Sizes = RecurrenceReference.Sizes

    private static let sizes = [
        Sizes(cell: .tanh),
        Sizes(cell: .tanh, directions: 2, steps: 3, batch: 5, hidden: 19, hasBias: false),
        Sizes(cell: .relu, directions: 1, steps: 4, batch: 3, hidden: 7, lengths: [4, 1, 2]),
        Sizes(cell: .lstm, directions: 2, steps: 4, batch: 7, hidden: 9, lengths: [4, 3, 3, 1, 2, 4, 1]),
        Sizes(cell: .lstm, directions: 1, steps: 2, batch: 1, hidden: 67),
        Sizes(cell: .lstm, directions: 2, steps: 3, batch: 5, hidden: 11, projected: 3, lengths: [3, 1, 2, 3, 3]),
        Sizes(cell: .lstm, directions: 1, steps: 3, batch: 4, hidden: 8, projected: 8, hasBias: false),
        Sizes(cell: .gru, directions: 2, steps: 3, batch: 6, hidden: 17, lengths: [1, 3, 2, 3, 1, 3]),
        Sizes(cell: .gru, directions: 1, steps: 2, batch: 18, hidden: 5, hasBias: false),
    ]

    /// What a layer should give. Loops take long enough to be run once for all instruction sets.
    private struct Case: Sendable {
        let reference: RecurrenceReference
        let incoming, expected: RecurrenceReference.Results
        let inputs, initialH, initialC, shift: [(place: Int, value: Double)]

        init(_ sizes: Sizes) {
            reference = RecurrenceReference(sizes, seed: 5)
            expected = reference.run()
            var random = KernelRandom(6)
            incoming = RecurrenceReference.Results(
                output: expected.output.map { _ in Double(random.float()) },
                gates: [],
                finalH: expected.finalH.map { _ in Double(random.float()) },
                finalC: expected.finalC.map { _ in Double(random.float()) }
            )
            inputs = reference.slopes(\.inputs, incoming)
            initialH = reference.slopes(\.initialH, incoming)
            initialC = sizes.cell == .lstm ? reference.slopes(\.initialC, incoming) : []
            shift = sizes.projected == nil ? [] : reference.slopes(\.shift, incoming)
        }
    }

    private static let cases = sizes.map { Case($0) }

    /// What a layer writes.
    private struct Results<Element: BitwiseCopyable> {
        var output, gates, kept, finalH, finalC: KernelArray<Element>
        var inputGradients, recurrentGradients, initialH, initialC, projected: KernelArray<Element>

        var all: [KernelArray<Element>] {
            [
                output, gates, kept, finalH, finalC, inputGradients, recurrentGradients, initialH, initialC, projected,
            ]
        }
    }

    /// A matrix as products take it: panels of columns, zeros behind the last.
    private static func pack(_ rows: Int, _ columns: Int, _ width: Int, _ at: (Int, Int) -> Double) -> [Double] {
        stride(from: 0, to: columns, by: width).flatMap { first in
            (0..<rows).flatMap { row in
                (first..<first + width).map { $0 < columns ? at(row, $0) : 0 }
            }
        }
    }

    /// Forward and backward, all steps in one launch or each in one.
    private func run<Element: BinaryFloatingPoint & BitwiseCopyable>(
        _ type: Element.Type,
        _ reference: RecurrenceReference,
        _ incoming: RecurrenceReference.Results,
        _ isa: KernelISA,
        _ kernels: (forward: ck_kernel, backward: ck_kernel),
        bySteps: Bool,
        cut: KernelCut
    ) throws -> Results<Element> {
        let sizes = reference.sizes
        let (directions, steps, batch) = (sizes.directions, sizes.steps, sizes.batch)
        let (gates, hidden, outputs) = (sizes.gates, sizes.hidden, sizes.outputs)
        let plan = ck_recurrence_make_plan(
            isa.isa,
            Int64(MemoryLayout<Element>.size),
            Int64(directions),
            Int64(batch),
            Int64(gates),
            Int64(hidden),
            Int64(outputs)
        )
        let width = Int(plan.panel_columns)
        func array(_ numbers: [Double]) -> KernelArray<Element> { KernelArray(numbers.map { Element($0) }) }
        func room(_ features: Int) -> KernelArray<Element> {
            KernelArray([directions, steps, batch, features]) { _ in 7 }
        }
        func states(_ features: Int) -> KernelArray<Element> { KernelArray([directions, batch, features]) { _ in 7 } }
        func strides(_ features: Int) -> [Int] { [steps * batch * features, batch * features, features, 0, 1, 0] }
        func sequence(_ array: KernelArray<Element>, _ features: Int) -> ck_recurrence_sequence {
            ck_recurrence_sequence(
                data: array.pointer,
                direction: Int64(steps * batch * features),
                step: Int64(batch * features),
                row: Int64(features)
            )
        }
        let results = Results(
            output: room(outputs),
            gates: KernelArray([directions, steps, batch, gates, hidden]) { Element(reference.inputs[$0]) },
            kept: room(hidden),
            finalH: states(outputs),
            finalC: states(hidden),
            inputGradients: room(gates * hidden),
            recurrentGradients: room(hidden),
            initialH: states(outputs),
            initialC: states(hidden),
            projected: room(outputs)
        )
        func weight(_ d: Int, _ row: Int, _ column: Int) -> Double {
            reference.weights[(d * gates * hidden + row) * outputs + column]
        }
        let across = array(
            (0..<directions * gates).flatMap { dg in
                Self.pack(outputs, hidden, width) { weight(dg / gates, dg % gates * hidden + $1, $0) }
            }
        )
        let along = array(
            (0..<directions).flatMap { d in Self.pack(gates * hidden, outputs, width) { weight(d, $0, $1) } }
        )
        func projection(_ d: Int, _ output: Int, _ cell: Int) -> Double {
            reference.projection[(d * outputs + output) * hidden + cell]
        }
        let isProjected = sizes.projected != nil
        let projections = (0..<directions).map { d in
            isProjected ? Self.pack(hidden, outputs, width) { projection(d, $1, $0) } : []
        }
        let projectionsBack = (0..<directions).map { d in
            isProjected ? Self.pack(outputs, hidden, width) { projection(d, $0, $1) } : []
        }
        let (forwardProjection, backwardProjection) = (
            array(projections.flatMap { $0 }), array(projectionsBack.flatMap { $0 })
        )
        let bias = array(reference.bias)
        let (initialH, initialC) = (array(reference.initialH), array(reference.initialC))
        let lengths = KernelArray(sizes.lengths?.map(Int64.init) ?? [])
        let (outputGradient, finalHGradient) = (array(incoming.output), array(incoming.finalH))
        let finalCGradient = array(incoming.finalC)

        let table = KernelArray<ck_recurrence>([1]) { _ in
            var table = ck_recurrence()
            if sizes.lengths != nil { table.lengths = UnsafePointer(lengths.elements.baseAddress!) }
            if sizes.hasBias {
                table.bias.0 = UnsafeRawPointer(bias.pointer)
                table.bias.1 = UnsafeRawPointer(bias.pointer + gates * hidden * MemoryLayout<Element>.stride)
            }
            if isProjected { table.projection = UnsafeRawPointer(forwardProjection.pointer) }
            table.projection_direction = Int64(projections[0].count)
            table.initial_h = UnsafeRawPointer(initialH.pointer)
            table.initial_c = UnsafeRawPointer(initialC.pointer)
            if sizes.cell == .lstm { table.final_c = results.finalC.pointer }
            table.output = sequence(results.output, outputs)
            table.output_gradient = sequence(outputGradient, outputs)
            table.final_h_gradient = UnsafeRawPointer(finalHGradient.pointer)
            table.final_c_gradient = UnsafeRawPointer(finalCGradient.pointer)
            table.initial_h_gradient = results.initialH.pointer
            if sizes.cell == .lstm { table.initial_c_gradient = results.initialC.pointer }
            if isProjected { table.projected_gradient = sequence(results.projected, outputs) }
            return table
        }

        let columns = bySteps ? (hidden + width - 1) / width : (batch + Int(plan.rows) - 1) / Int(plan.rows)
        func launch(_ step: Int, _ operands: (inout KernelLaunch) -> Void) -> KernelLaunch {
            var launch = KernelLaunch(
                [directions, steps, batch, gates, hidden, outputs],
                integers: [sizes.cell.rawValue, Int(plan.rows), width, bySteps ? 1 : 0, step, 1]
            )
            operands(&launch)
            return launch
        }
        func add(_ launch: inout KernelLaunch, _ array: KernelArray<Element>, _ features: Int) {
            launch.add(array, strides: strides(features))
        }
        func finish(_ launch: inout KernelLaunch, _ weights: KernelArray<Element>) {
            launch.add(weights, strides: [0, 0, 0, 0, 0, 0])
        }
        let items = directions * columns
        let scratch = Int(plan.scratch_bytes)
        for step in 0..<(bySteps ? steps : 1) {
            let forward = launch(step) {
                add(&$0, results.output, outputs)
                add(&$0, results.gates, gates * hidden)
                add(&$0, results.kept, hidden)
                finish(&$0, across)
                $0.add(results.finalH, strides: [0, 0, 0, 0, 0, 0])
                $0.add(table, strides: [0, 0, 0, 0, 0, 0])
            }
            try forward.run(kernels.forward, isa, items: items, cut: cut, scratchByteCount: scratch)
        }
        table.elements[0].projection = isProjected ? UnsafeRawPointer(backwardProjection.pointer) : nil
        table.elements[0].projection_direction = Int64(projectionsBack[0].count)
        for step in bySteps ? Array((-1..<steps).reversed()) : [0] {
            let backward = launch(step) {
                add(&$0, results.inputGradients, gates * hidden)
                if sizes.cell == .gru { add(&$0, results.recurrentGradients, hidden) } else { $0.addNothing() }
                add(&$0, results.gates, gates * hidden)
                add(&$0, results.kept, hidden)
                finish(&$0, along)
                $0.add(table, strides: [0, 0, 0, 0, 0, 0])
            }
            try backward.run(kernels.backward, isa, items: items, cut: cut, scratchByteCount: scratch)
        }
        withExtendedLifetime(
            [
                across, along, forwardProjection, backwardProjection, bias, initialH, initialC, outputGradient,
                finalHGradient, finalCGradient,
            ]
        ) {}
        withExtendedLifetime(lengths) {}
        return results
    }

    private func check<Element: BinaryFloatingPoint & BitwiseCopyable>(
        _ type: Element.Type,
        _ isa: KernelISA,
        _ layer: Case,
        _ kernels: (forward: ck_kernel, backward: ck_kernel),
        tolerance: Double
    ) throws {
        let (sizes, expected) = (layer.reference.sizes, layer.expected)
        // Steps of a projection are never launched one by one.
        for bySteps in sizes.projected != nil ? [false] : [false, true] {
            func run(_ cut: KernelCut) throws -> Results<Element> {
                try self.run(type, layer.reference, layer.incoming, isa, kernels, bySteps: bySteps, cut: cut)
            }
            let results = try run(.whole)
            for cut in [KernelCut.single, .uneven] {
                #expect(
                    zip(results.all, try run(cut).all).allSatisfy { $0.bytes == $1.bytes },
                    "a cut changed the result"
                )
            }
            func compare(_ array: KernelArray<Element>, _ what: String, _ expected: some Sequence<(Int, Double)>) {
                for (place, right) in expected {
                    let value = Double(array.elements[place])
                    if abs(value - right) <= tolerance * (1 + abs(right)) { continue }
                    Issue.record("\(what)[\(place)]: \(value) for \(right)")
                    return
                }
            }
            compare(results.output, "output", zip(0..., expected.output))
            compare(results.gates, "gates", zip(0..., expected.gates))
            compare(results.finalH, "final h", zip(0..., expected.finalH))
            if sizes.cell == .lstm { compare(results.finalC, "final c", zip(0..., expected.finalC)) }
            compare(results.inputGradients, "input gradients", layer.inputs.map { ($0.place, $0.value) })
            compare(results.initialH, "gradients of the initial h", layer.initialH.map { ($0.place, $0.value) })
            compare(results.initialC, "gradients of the initial c", layer.initialC.map { ($0.place, $0.value) })
            compare(results.projected, "gradients of the projected", layer.shift.map { ($0.place, $0.value) })
            guard sizes.cell == .gru else { continue }
            let (gates, hidden) = (sizes.gates, sizes.hidden)
            let recurrent = results.recurrentGradients.elements.indices.map { i in
                let place = i / hidden * gates * hidden + i % hidden
                return (i, Double(results.inputGradients.elements[place + 2 * hidden]) * expected.gates[place])
            }
            compare(results.recurrentGradients, "recurrent gradients", recurrent)
        }
    }

    @Test("Steps and their gradients are those of the definition", arguments: KernelISA.available, sizes.indices)
    func definition(isa: KernelISA, layer: Int) throws {
        let layer = Self.cases[layer]
        try check(Float.self, isa, layer, (CK_recurrence_f32, CK_recurrence_backward_f32), tolerance: 3e-5)
        try check(Double.self, isa, layer, (CK_recurrence_f64, CK_recurrence_backward_f64), tolerance: 1e-8)
    }
}
