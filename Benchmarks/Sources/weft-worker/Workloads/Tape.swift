import Weft

/// A chain of scalar additions that starts from `x`.
func tape(_ row: PreparedRow) throws -> any Workload {
    let (x, one, count) = (try row.tensor("x"), try row.tensor("one"), try row.size("count"))
    guard count >= 0 else { throw Mistake("there are no \(count) additions") }
    func chain(from x: Tensor) -> Tensor {
        var y = x
        for _ in 0..<count { y = y + one }
        return y
    }
    switch row.operation {
    case "no-grad": return Repeated { chain(from: x) }
    case "forward":
        let leaf = x.withRequiresGrad()
        return Repeated { chain(from: leaf) }
    case "forward-backward":
        let leaf = x.withRequiresGrad()
        func pass() -> (y: Tensor, gradient: Tensor?) {
            let y = chain(from: leaf)
            y.backward()
            let gradient = leaf.grad
            leaf.zeroGrad()
            return (y, gradient)
        }
        return Repeated(pass) { [$0.y] + [$0.gradient].compactMap(\.self) }
    default: throw row.unknownOperation
    }
}
