import BenchmarkRows
import Foundation
import Testing
import Weft
import weft_worker

@Suite struct WorkloadTests {
    /// Rows whose inputs a debug build makes quickly.
    static let smallRows = Catalog.rows.filter { row in
        // Rows of memory are rows of training.
        !row.measuresMemory && row.inputs.reduce(0) { $0 + $1.elementCount } < 1_500_000
    }

    @Test(arguments: smallRows.filter { $0.kind != "start" })
    func rowsOfTheCatalogRun(row: Row) throws {
        let workload = try makeWorkload(PreparedRow(row))
        #expect(try !workload.outputs().isEmpty)
        #expect(try workload.run(1).seconds > 0)
    }

    @Test(arguments: ["nn", "nt", "tn"], [nil, 3])
    func productsAreThoseOfTheStoredOrTransposedOperands(operation: String, batch: Int?) throws {
        let (m, k, n) = (3, 4, 2)
        let leading = batch.map { [$0] } ?? []
        let a = Input("a", leading + (operation == "tn" ? [k, m] : [m, k]), seed: 1)
        let b = Input("b", leading + (operation == "nt" ? [n, k] : [k, n]), seed: 2)
        let result = try outputs(.small("matmul", operation, [a, b]))[0]
        #expect(result.shape == leading + [m, n])
        let (x, y) = (a.floats(), b.floats())
        var expected: [Float] = []
        for matrix in 0..<(batch ?? 1) {
            let (p, q) = (x[(matrix * m * k)...].prefix(m * k), y[(matrix * k * n)...].prefix(k * n))
            for (i, j) in (0..<m).flatMap({ i in (0..<n).map { (i, $0) } }) {
                let terms = (0..<k).map { l in
                    p[p.startIndex + (operation == "tn" ? l * m + i : i * k + l)]
                        * q[q.startIndex + (operation == "nt" ? j * k + l : l * n + j)]
                }
                expected.append(terms.reduce(0, +))
            }
        }
        #expect(areClose(result.array(), expected))
    }

    @Test func aChainIsSixOperations() throws {
        let inputs = [Input("a", [50], seed: 1), Input("b", [50], seed: 2), Input("c", [50], seed: 3)]
        let result = try outputs(.small("pointwise", "chain", inputs))[0]
        let expected = zip(zip(inputs[0].floats(), inputs[1].floats()), inputs[2].floats()).map { ab, c in
            max(Float(tanh(Double(ab.0 * ab.1 + c))) * ab.1 - c, 0)
        }
        #expect(expected.contains { $0 > 0 } && areClose(result.array(), expected))
    }

    @Test func maximaAlongAnAxisAreValues() throws {
        let input = Input("a", [3, 4], seed: 1)
        let result = try outputs(
            .small("reduce", "max", [input], sizes: ["rows": 3, "columns": 4, "axis": 0])
        )[0]
        let floats = input.floats()
        #expect(result.array() == (0..<4).map { column in (0..<3).map { floats[4 * $0 + column] }.max()! })
    }

    @Test func theBackwardPassOfANormHasTheGradientOfEveryInput() throws {
        let inputs = [
            Input("x", [2, 3], seed: 1), Input("weight", [3], low: 0.5, high: 1.5, seed: 2),
            Input("bias", [3], seed: 3),
            Input("gradient", [2, 3], seed: 4),
        ]
        let gradients = try outputs(.small("layernorm", "backward", inputs, sizes: ["columns": 3]))
        #expect(gradients.map(\.shape) == [[2, 3], [3], [3]])
        let gradient = inputs[3].floats()
        #expect(areClose(gradients[2].array(), (0..<3).map { gradient[$0] + gradient[3 + $0] }))
        // Moving a row as a whole changes nothing.
        #expect(gradients[0].sum(axis: 1).abs().max().item() < 1e-5)
    }

    @Test func aTapeAddsUpAndItsGradientIsOne() throws {
        let inputs = [Input("x", [], seed: 1), Input("one", [], low: 0.5, high: 1.5, seed: 2)]
        let sizes = ["count": 10]
        let sum = inputs[0].floats()[0] + 10 * inputs[1].floats()[0]
        for operation in ["no-grad", "forward"] {
            let result = try outputs(.small("tape", operation, inputs, sizes: sizes))
            #expect(result.count == 1 && areClose(result[0].array(), [sum]))
            #expect(result[0].requiresGrad == (operation == "forward"))
        }
        let both = try outputs(.small("tape", "forward-backward", inputs, sizes: sizes))
        #expect(both.count == 2 && areClose(both[0].array(), [sum]) && both[1].item() == 1)
    }

    @Test func trainingIsCheckedFromItsInitialStateHoweverFarItHasRun() throws {
        let row = try catalogRow("train/tiny-mlp")
        let workload = try makeWorkload(PreparedRow(row))
        let fresh = try workload.outputs().map { $0.array() }
        _ = try workload.run(20)
        #expect(try workload.outputs().map { $0.array() } == fresh)
        // Three losses, which fall, then the parameters, which have changed.
        #expect(fresh[0][0] > fresh[1][0] && fresh[1][0] > fresh[2][0])
        #expect(fresh.count == 3 + 6 && fresh[3].count == 32)
        #expect(fresh[3] != row.inputs[2].floats())
    }

    @Test func aTransformerDoesNotLookAhead() {
        let model = Transformer()
        let tokens = (0..<16).map { $0 * 37 % 256 }
        var changed = tokens
        changed[10] = 200
        let (before, after) = noGrad { (model(Tensor([tokens])), model(Tensor([changed]))) }
        #expect(before.shape == [1, 16, 256])
        let differences = (before - after).abs().max(axes: [0, 2]).array()
        #expect(differences[..<10].allSatisfy { $0 == 0 } && differences[10...].allSatisfy { $0 > 0 })
    }

    @Test func latenciesOfCallersAreOrderedAndWithinTheWholeTime() throws {
        let callers = Callers(count: 3)
        for _ in 0..<2 {
            let timing = callers.run(times: 20) { usleep(100) }
            let latency = try #require(timing.latency)
            #expect(latency.p50 >= 1e-4 && latency.p50 <= latency.p99 && latency.p99 <= timing.seconds)
        }
    }

    @Test func aChildIsWaitedForAndItsFailureTold() throws {
        #expect(try outputOfChild("/bin/pwd").hasPrefix("/"))
        #expect(throws: Mistake.self) { try outputOfChild("/bin/false") }
        #expect(throws: Mistake.self) { try outputOfChild("/nowhere/at/all") }
    }

    private func outputs(_ row: Row) throws -> [Tensor] { try makeWorkload(PreparedRow(row)).outputs() }

    private func areClose(_ a: [Float], _ b: [Float]) -> Bool {
        a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= 1e-5 }
    }
}
