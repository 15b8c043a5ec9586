// Tells the arms of a spiral apart: mini-batches, a checkpoint, and a run that goes on from it as if it had not stopped.
import Claims
import Foundation
import Weft

final class Classifier: Module {
    let layers = Sequential(Linear(2, 64), Tanh(), Linear(64, 64), Tanh(), Linear(64, 3))

    func callAsFunction(_ points: Tensor) -> Tensor { layers(points) }
}

/// Points on three arms, with a little noise, and the numbers of their arms.
func spiral(pointsPerArm: Int) -> (points: Tensor, arms: Tensor) {
    var points: [[Double]] = []
    var arms: [Int] = []
    for arm in 0..<3 {
        for index in 0..<pointsPerArm {
            let radius = Double(index) / Double(pointsPerArm)
            let angle = 4 * radius + 2 * .pi / 3 * Double(arm)
            points.append([radius * sin(angle), radius * cos(angle)])
            arms.append(arm)
        }
    }
    let noise = withRandomSeed(1) { Tensor(normal: [points.count, 2], standardDeviation: 0.02) }
    return (Tensor(points) + noise, Tensor(arms))
}

let (points, arms) = spiral(pointsPerArm: 100)

/// Everything that a run consists of.
struct Run {
    let model = withRandomSeed(2) { Classifier() }
    let optimizer: Adam

    init() { optimizer = Adam(model, learningRate: 0.01) }

    func train(epochs: Range<Int>) {
        for epoch in epochs {
            // An order that depends on the epoch alone, so that a resumed run sees what the other one saw.
            let keys = withRandomSeed(UInt64(epoch)) { Tensor(uniform: [points.shape[0]]).array() }
            let order = keys.indices.sorted { keys[$0] < keys[$1] }
            for start in stride(from: 0, to: order.count, by: 32) {
                let batch = Tensor(Array(order[start..<min(start + 32, order.count)]))
                optimizer.zeroGrad()
                let logits = model(points.indexSelect(axis: 0, batch))
                crossEntropy(logits, arms.indexSelect(axis: 0, batch)).backward()
                optimizer.step()
            }
        }
    }

    var accuracy: Double {
        let answers = withMode(.evaluation) { noGrad { model(points).argmax(axis: 1) } }
        return (answers .== arms).to(.float32).mean().item()
    }
}

let uninterrupted = Run()
uninterrupted.train(epochs: 0..<30)
claim("the arms are told apart: \(uninterrupted.accuracy) of the points are right", uninterrupted.accuracy > 0.95)

let path = FileManager.default.temporaryDirectory.appending(path: "weft-spiral-\(getpid()).safetensors").path()
defer { try? FileManager.default.removeItem(atPath: path) }

let first = Run()
first.train(epochs: 0..<12)
try saveCheckpoint(["model": first.model, "optimizer": first.optimizer], to: path, metadata: ["epoch": "12"])

let second = Run()
let metadata = try loadCheckpoint(path, into: ["model": second.model, "optimizer": second.optimizer])
second.train(epochs: Int(metadata["epoch"]!)!..<30)

func bits(_ run: Run) -> [String: [UInt8]] {
    run.model.stateDict.mapValues { weights in weights.withUnsafeBytes { Array($0) } }
}
claim("the resumed run ends with the same bits", bits(second) == bits(uninterrupted))
