// Sixteen tasks ask one model while another trains it. Every other request is wrong, in five ways, and none of them
// disturbs the others.
import Claims
import Synchronization
import Weft

/// Guesses one of three kinds of sequences from its tokens and a few numbers about it.
final class Model: Module {
    let tokens = Embedding(50, 16)
    let numbers = Linear(4, 16)
    let output = Linear(16, 3)
    /// How many requests were answered. A counter is no part of the state dict.
    let answered = Atomic(0)

    func callAsFunction(_ sequence: Tensor, _ facts: Tensor) -> Tensor {
        output((tokens(sequence).mean(axis: -2) + numbers(facts)).tanh())
    }

    /// The probabilities of the kinds.
    func answer(_ sequence: Tensor, _ facts: Tensor) throws -> [Double] {
        let probabilities = try withTensorErrors {
            withMode(.evaluation) { noGrad { self(sequence, facts).softmax(axis: -1) } }
        }
        answered.add(1, ordering: .relaxed)
        return probabilities.array(of: Double.self)
    }
}

struct Request {
    var sequence = Tensor([3, 1, 4, 1, 5])
    var facts = Tensor([0.5, -1.0, 2.0, 0.0])
}

/// Requests that are wrong, with the operation that refuses each.
let mistakes: [(refusedBy: String, request: Request)] = [
    ("embedding", Request(sequence: Tensor([3, 1, 99]))),  // A token that there is not.
    ("embedding", Request(sequence: Tensor([3.0, 1.0]))),  // Tokens that are no integers.
    ("Linear", Request(facts: Tensor([0.5, -1.0, 2.0]))),  // A number too few.
    ("mean", Request(sequence: Tensor(3))),  // A token where a sequence is needed.
    ("add", Request(sequence: Tensor([[1, 2], [3, 4]]), facts: Tensor(zeros: [3, 4]))),  // Two sequences, three facts.
]

let model = withRandomSeed(1) { Model() }
let (sequences, facts, kinds) = withRandomSeed(2) {
    let kinds = Tensor((0..<64).map { $0 % 3 })
    let sequences = Tensor((0..<64).map { row in (0..<6).map { (row % 3) * 16 + ($0 * 7 + row) % 16 } })
    return (sequences, Tensor(normal: [64, 4]), kinds)
}

let isServing = Atomic(true)

/// Trains until nobody asks any more, and gives the losses at first and at last.
@Sendable func train() -> (first: Double, last: Double) {
    let optimizer = Adam(model, learningRate: 0.01)
    var (first, last, steps) = (0.0, 0.0, 0)
    while isServing.load(ordering: .relaxed) || steps < 60 {
        optimizer.zeroGrad()
        let loss = crossEntropy(model(sequences, facts), kinds)
        loss.backward()
        clipGradNorm(model.parameters, maxNorm: 1)
        optimizer.step()
        last = loss.item()
        if steps == 0 { first = last }
        steps += 1
    }
    return (first, last)
}

/// Asks 100 times; gives how many answers were right in form, and how many mistakes were refused by whom they should be.
@Sendable func serve(_ task: Int) -> (answers: Int, refusals: Int) {
    var (answers, refusals) = (0, 0)
    for number in 0..<100 {
        if number.isMultiple(of: 2) {
            let request = Request()
            guard let probabilities = try? model.answer(request.sequence, request.facts) else { continue }
            if abs(probabilities.reduce(0, +) - 1) < 1e-5 { answers += 1 }
            continue
        }
        let (refusedBy, request) = mistakes[(number / 2 + task) % mistakes.count]
        do {
            _ = try model.answer(request.sequence, request.facts)
        } catch let error as TensorError {
            if error.operation == refusedBy { refusals += 1 } else { print(error) }
        } catch {
            print(error)
        }
    }
    return (answers, refusals)
}

async let training = train()
let served = await withTaskGroup { group in
    for task in 0..<16 { group.addTask { serve(task) } }
    var (answers, refusals) = (0, 0)
    for await result in group {
        answers += result.answers
        refusals += result.refusals
    }
    return (answers: answers, refusals: refusals)
}
isServing.store(false, ordering: .relaxed)
let losses = await training

let answered = model.answered.load(ordering: .relaxed)
claim("\(served.answers) right requests were answered", served.answers == 800 && answered == 800)
claim("\(served.refusals) wrong ones were refused, each by the operation concerned", served.refusals == 800)
claim("the loss fell meanwhile from \(losses.first) to \(losses.last)", losses.last < 0.5 * losses.first)
