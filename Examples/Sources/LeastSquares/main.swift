// A line through points some of which are far off: least squares, and a loss of one's own that is not led astray.
import Claims
import Weft

/// √(1 + r²) - 1: a square near 0, and no more than the distance far from it. One step of the tape, whose derivative is
/// r / √(1 + r²).
func pseudoHuber(_ residual: Tensor) -> Tensor {
    differentiable("pseudoHuber", residual) { r in
        (1 + r.square()).sqrt() - 1
    } derivative: { gradient, step in
        let r = step.inputs[0]
        return gradient * r / (1 + r.square()).sqrt()
    }
}

final class PseudoHuber: Module {
    func callAsFunction(_ prediction: Tensor, _ target: Tensor) -> Tensor { pseudoHuber(prediction - target).mean() }
}

let x = withRandomSeed(1) { Tensor(uniform: [200, 1], in: -1..<1) }
let noise = withRandomSeed(2) { Tensor(normal: [200, 1], standardDeviation: 0.05) }
let isFarOff = Tensor(arange: 0..<200).reshaped([200, 1]) .< 20
let y = 3 * x - 1 + noise + 10 * isFarOff.to(.float32)

/// The slope and the offset that minimise `loss`.
func fit(_ loss: (Tensor, Tensor) -> Tensor) -> (slope: Double, offset: Double) {
    let line = Linear(1, 1)
    let optimizer = SGD(line, learningRate: 0.2, momentum: 0.9)
    for _ in 0..<300 {
        optimizer.zeroGrad()
        loss(line(x), y).backward()
        optimizer.step()
    }
    return (line.weight.value.item(), line.bias!.value.item())
}

let squares = fit { mse($0, $1) }
let robust = fit(PseudoHuber().callAsFunction)
print("least squares: slope \(squares.slope), offset \(squares.offset)")
print("pseudo-Huber:  slope \(robust.slope), offset \(robust.offset)")

// What is right is known in closed form: the slope is the covariance by the variance.
let (centredX, centredY) = (x - x.mean(), y - y.mean())
let slope = ((centredX * centredY).sum() / centredX.square().sum()).item()
claim("least squares agree with the closed form", abs(squares.slope - slope) < 1e-3)
claim("the loss of one's own finds the line", abs(robust.slope - 3) < 0.1 && abs(robust.offset + 1) < 0.15)
claim("least squares do not", abs(squares.offset + 1) > 0.5)

// The second derivative of the loss times a direction, without the matrix of all second derivatives.
let inputs = concatenated([x, Tensor(ones: [200, 1])], axis: 1)
let weights = Tensor([[0.5], [0.25]], requiresGrad: true)
let direction = Tensor([[1.0], [-2.0]])

func hessianVectorProduct(_ loss: (Tensor) -> Tensor) -> Tensor {
    let gradient = grad(of: loss(weights), withRespectTo: [weights], createGraph: true)[0]
    return grad(of: (gradient * direction).sum(), withRespectTo: [weights])[0]
}

func isClose(_ a: Tensor, _ b: Tensor) -> Bool { (a - b).abs().max().item() < 1e-4 }

// Of the mean of squares that matrix is 2 XᵀX / n; of the other loss 2 becomes (1 + r²)^(-3/2), row by row.
let ofSquares = hessianVectorProduct { (matmul(inputs, $0) - y).square().mean() }
let along = matmul(inputs, direction)
claim("a Hessian-vector product is that of the closed form", isClose(ofSquares, matmul(inputs.T, 2 * along) / 200))
let ofHuber = hessianVectorProduct { pseudoHuber(matmul(inputs, $0) - y).mean() }
let width = 1 + (matmul(inputs, weights.detached()) - y).square()
claim(
    "so is one through the function of one's own",
    isClose(ofHuber, matmul(inputs.T, along / (width * width.sqrt())) / 200)
)
