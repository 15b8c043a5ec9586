import Testing
import Weft

// The table of the article "From PyTorch and NumPy": each row's code runs here, and the article shows what stands here.
// `GuideTests` compares the two; the headings of the table are the marks below.

private let x = Tensor([[1.0, 2.0], [3.0, 4.0]])
private let v = Tensor([3.0, 1.0, 2.0])
private let i = Tensor([1, 0])
private let batch = Tensor(ones: [8, 2, 2])
private let images = Tensor(ones: [1, 2, 5, 5])
private let filters = Tensor(ones: [4, 2, 3, 3])
private let generator = RandomGenerator(seed: 7)
private var w: Tensor { v.withRequiresGrad() }
private var optimizer: SGD { SGD(model, learningRate: 0.1) }
private let model = Sequential(Linear(2, 3), ReLU(), Linear(3, 2))

/// One row: how PyTorch and NumPy say it, what Weft's way, the last argument, prints, or the shape of that.
private func row<Value>(
    _ pytorch: String,
    _ numpy: String,
    _ expected: String,
    at place: SourceLocation = #_sourceLocation,
    _ code: () throws -> Value
) rethrows {
    expect(try code(), expected, at: place)
}

/// One row that changes `tensor`.
private func row(
    _ pytorch: String,
    _ numpy: String,
    _ expected: String,
    changing tensor: Tensor,
    at place: SourceLocation = #_sourceLocation,
    _ code: (inout Tensor) throws -> Void
) rethrows {
    var tensor = tensor
    try code(&tensor)
    expect(tensor, expected, at: place)
}

private func expect(_ value: some Any, _ expected: String, at place: SourceLocation) {
    if expected.hasPrefix("shape "), let tensor = value as? Tensor {
        #expect("shape \(tensor.shape)" == expected, sourceLocation: place)
    } else {
        #expect(Guide.collapsed("\(value)") == expected, sourceLocation: place)
    }
}

struct TranslationTests {
    // MARK: - Creating

    @Test func `Tensors are created`() {
        row("torch.tensor([1., 2.])", "np.array([1., 2.])", "tensor([1., 2.])") {
            Tensor([1.0, 2.0])
        }
        row("torch.tensor(3)", "np.array(3)", "tensor(3)") {
            Tensor(3)
        }
        row("torch.zeros(2, 3)", "np.zeros((2, 3))", "tensor([[0., 0., 0.], [0., 0., 0.]])") {
            Tensor(zeros: [2, 3])
        }
        row("torch.ones(2, dtype=torch.float64)", "np.ones(2)", "tensor([1., 1.], dtype: float64)") {
            Tensor(ones: [2], dtype: .float64)
        }
        row("torch.full((2,), 7.)", "np.full(2, 7.)", "tensor([7., 7.])") {
            Tensor(full: [2], 7.0)
        }
        row("torch.arange(4)", "np.arange(4)", "tensor([0, 1, 2, 3])") {
            Tensor(arange: 0..<4)
        }
        row("torch.zeros_like(x)", "np.zeros_like(x)", "tensor([[0., 0.], [0., 0.]])") {
            Tensor(zeros: x.shape, dtype: x.dtype)
        }
        row("torch.linspace(0, 1, 3)", "np.linspace(0, 1, 3)", "tensor([0.0000, 0.5000, 1.0000])") {
            Tensor(arange: 0..<3) / 2
        }
        row("torch.eye(2)", "np.eye(2)", "tensor([[1., 0.], [0., 1.]])") {
            (Tensor(arange: 0..<2).unsqueezed(axis: 1) .== Tensor(arange: 0..<2)).to(.float32)
        }
        row("x.clone()", "x.copy()", "tensor([[1., 2.], [3., 4.]])") {
            x
        }
    }

    // MARK: - Looking at a tensor

    @Test func `Tensors tell about themselves`() {
        row("x.shape", "x.shape", "[2, 2]") {
            x.shape
        }
        row("x.size(0)", "x.shape[0]", "2") {
            x.size(0)
        }
        row("x.ndim", "x.ndim", "2") {
            x.rank
        }
        row("x.numel()", "x.size", "4") {
            x.count
        }
        row("x.dtype", "x.dtype", "float32") {
            x.dtype
        }
        row("x[0, 0].item()", "x[0, 0].item()", "1.0") {
            x[0, 0].item()
        }
        row("x.tolist()", "x.ravel().tolist()", "[1.0, 2.0, 3.0, 4.0]") {
            x.array()
        }
        row("i.tolist()", "i.tolist()", "[1, 0]") {
            i.array(of: Int.self)
        }
        row("x.to(torch.float64)", "x.astype(np.float64)", "tensor([[1., 2.], [3., 4.]], dtype: float64)") {
            x.to(.float64)
        }
        row("x.long()", "x.astype(np.int64)", "tensor([[1, 2], [3, 4]])") {
            x.to(.int64)
        }
        row("x.is_contiguous()", "x.flags.c_contiguous", "true") {
            x.isContiguous
        }
    }

    // MARK: - Indexing

    @Test func `Parts are taken`() {
        row("x[0]", "x[0]", "tensor([1., 2.])") {
            x[0]
        }
        row("x[:, -1]", "x[:, -1]", "tensor([2., 4.])") {
            x[0..., -1]
        }
        row("v[1:3]", "v[1:3]", "tensor([1., 2.])") {
            v[1..<3]
        }
        row("v[:2]", "v[:2]", "tensor([3., 1.])") {
            v[..<2]
        }
        row("v[::2]", "v[::2]", "tensor([3., 2.])") {
            v[(0...).by(2)]
        }
        row("x[..., 0]", "x[..., 0]", "tensor([1., 3.])") {
            x[.ellipsis, 0]
        }
        row("x[None]", "x[np.newaxis]", "shape [1, 2, 2]") {
            x[.newAxis]
        }
        row("x[i]", "x[i]", "tensor([[3., 4.], [1., 2.]])") {
            x[i]
        }
        row("x[i, i]", "x[i, i]", "tensor([4., 1.])") {
            x[i, i]
        }
        row("x.index_select(1, i)", "np.take(x, i, axis=1)", "tensor([[2., 1.], [4., 3.]])") {
            x.indexSelect(axis: 1, i)
        }
        row("x.gather(1, i[:, None])", "np.take_along_axis(x, i[:, None], 1)", "tensor([[2.], [3.]])") {
            x.gather(axis: 1, i[0..., .newAxis])
        }
        row("torch.where(x > 2, x, -x)", "np.where(x > 2, x, -x)", "tensor([[-1., -2.], [ 3., 4.]])") {
            Weft.where(x .> 2, x, -x)
        }
        row("x[x > 2]", "x[x > 2]", "tensor([3., 4.])") {
            x[x .> 2]
        }
        row("x[:, i]", "x[:, i]", "tensor([[2., 1.], [4., 3.]])") {
            x[0..., i]
        }
        row("x.masked_fill(x > 2, 0)", "np.where(x > 2, 0, x)", "tensor([[1., 2.], [0., 0.]])") {
            x.masked(x .> 2, with: 0)
        }
        row("v[1:9]", "v[1:9]", "tensor([1., 2.])") {
            v[1..<9]
        }
    }

    @Test func `Parts are assigned`() {
        row("x[0, 0] = 7", "x[0, 0] = 7", "tensor([[7., 2.], [3., 4.]])", changing: x) { x in
            x[0, 0] = 7
        }
        row("x[x > 2] = 0", "x[x > 2] = 0", "tensor([[1., 2.], [0., 0.]])", changing: x) { x in
            x[x .> 2] = 0
        }
        row("x[i] = x.T", "x[i] = x.T", "tensor([[2., 4.], [1., 3.]])", changing: x) { x in
            x[i] = x.T
        }
        row("x[:, 1] = v[:2]", "x[:, 1] = v[:2]", "tensor([[1., 3.], [3., 1.]])", changing: x) { x in
            x[0..., 1] = v[..<2]
        }
        row("x.index_add(0, i, x)", "np.add.at(x, i, x)", "tensor([[4., 6.], [4., 6.]])") {
            x.indexAdd(axis: 0, i, x)
        }
    }

    // MARK: - Shapes

    @Test func `Shapes are changed`() {
        row("x.reshape(4)", "x.reshape(4)", "tensor([1., 2., 3., 4.])") {
            x.reshaped([4])
        }
        row("x.view(1, -1)", "x.reshape(1, -1)", "tensor([[1., 2., 3., 4.]])") {
            x.reshaped([1, -1])
        }
        row("x.flatten()", "x.ravel()", "tensor([1., 2., 3., 4.])") {
            x.flattened()
        }
        row("x.T", "x.T", "tensor([[1., 3.], [2., 4.]])") {
            x.T
        }
        row("x.transpose(0, 1)", "np.swapaxes(x, 0, 1)", "tensor([[1., 3.], [2., 4.]])") {
            x.transposed(0, 1)
        }
        row("x.permute(1, 0)", "np.transpose(x, (1, 0))", "tensor([[1., 3.], [2., 4.]])") {
            x.permuted([1, 0])
        }
        row("v.unsqueeze(1)", "np.expand_dims(v, 1)", "tensor([[3.], [1.], [2.]])") {
            v.unsqueezed(axis: 1)
        }
        row("v[None].squeeze(0)", "np.squeeze(v[None], 0)", "tensor([3., 1., 2.])") {
            v[.newAxis].squeezed(axis: 0)
        }
        row("v.expand(2, 3)", "np.broadcast_to(v, (2, 3))", "tensor([[3., 1., 2.], [3., 1., 2.]])") {
            v.expanded(to: [2, 3])
        }
        row("torch.cat([v, v], dim=0)", "np.concatenate([v, v])", "tensor([3., 1., 2., 3., 1., 2.])") {
            concatenated([v, v], axis: 0)
        }
        row("torch.stack([v, v])", "np.stack([v, v])", "tensor([[3., 1., 2.], [3., 1., 2.]])") {
            stacked([v, v])
        }
        row("v.flip(0)", "np.flip(v, 0)", "tensor([2., 1., 3.])") {
            v.flipped(axes: [0])
        }
        row("x.diagonal()", "np.diagonal(x)", "tensor([1., 4.])") {
            x.diagonal()
        }
        row("v.repeat(2)", "np.tile(v, 2)", "tensor([3., 1., 2., 3., 1., 2.])") {
            v.repeated([2])
        }
        row("x.T.contiguous()", "np.ascontiguousarray(x.T)", "tensor([[1., 3.], [2., 4.]])") {
            x.T.contiguous()
        }
    }

    // MARK: - Arithmetic and comparison

    @Test func `Elements are computed with`() {
        row("2 * x + 1", "2 * x + 1", "tensor([[3., 5.], [7., 9.]])") {
            2 * x + 1
        }
        row("x * torch.tensor(2, dtype=torch.int32)", "x * np.int32(2)", "tensor([[2., 4.], [6., 8.]])") {
            x * Int32(2)
        }
        row("x + v[:2]", "x + v[:2]", "tensor([[4., 3.], [6., 5.]])") {
            x + v[..<2]
        }
        row("x += 1", "x += 1", "tensor([[2., 3.], [4., 5.]])", changing: x) { x in
            x += 1
        }
        row("x == 2", "x == 2", "tensor([[false, true], [false, false]])") {
            x .== 2
        }
        row("x >= v[:2]", "x >= v[:2]", "tensor([[false, true], [ true, true]])") {
            x .>= v[..<2]
        }
        row("(x > 1) & (x < 4)", "(x > 1) & (x < 4)", "tensor([[false, true], [ true, false]])") {
            x .> 1 .& x .< 4
        }
        row("(x < 2) | (x > 3)", "(x < 2) | (x > 3)", "tensor([[ true, false], [false, true]])") {
            x .< 2 .| x .> 3
        }
        row("~(x == 2)", "~(x == 2)", "tensor([[ true, false], [ true, true]])") {
            .!(x .== 2)
        }
        row("torch.maximum(x, x.T)", "np.maximum(x, x.T)", "tensor([[1., 3.], [3., 4.]])") {
            Tensor.maximum(x, x.T)
        }
        row("x.clamp(2, 3)", "np.clip(x, 2, 3)", "tensor([[2., 2.], [3., 3.]])") {
            x.clamp(min: 2, max: 3)
        }
        row("x.abs()", "np.abs(x)", "tensor([[1., 2.], [3., 4.]])") {
            x.abs()
        }
        row("x ** 2", "x ** 2", "tensor([[ 1., 4.], [ 9., 16.]])") {
            x.square()
        }
        row("x.sqrt()", "np.sqrt(x)", "tensor([[1.0000, 1.4142], [1.7321, 2.0000]])") {
            x.sqrt()
        }
        row("v.exp()", "np.exp(v)", "tensor([20.0855, 2.7183, 7.3891])") {
            v.exp()
        }
        row("v.log()", "np.log(v)", "tensor([1.0986, 0.0000, 0.6931])") {
            v.log()
        }
        row("torch.sigmoid(v)", "1 / (1 + np.exp(-v))", "tensor([0.9526, 0.7311, 0.8808])") {
            v.sigmoid()
        }
        row("torch.relu(v - 2)", "np.maximum(v - 2, 0)", "tensor([1., 0., 0.])") {
            (v - 2).relu()
        }
        row("F.elu(v - 2)", "–", "tensor([ 1.0000, -0.6321, 0.0000])") {
            (v - 2).elu()
        }
        row("F.leaky_relu(v - 2)", "–", "tensor([ 1.0000, -0.0100, 0.0000])") {
            (v - 2).leakyRelu()
        }
        row("F.silu(v)", "–", "tensor([2.8577, 0.7311, 1.7616])") {
            v.silu()
        }
        row("F.softplus(v)", "–", "tensor([3.0486, 1.3133, 2.1269])") {
            v.softplus()
        }
        row("F.hardtanh(v, 0, 2)", "–", "tensor([2., 1., 2.])") {
            v.hardtanh(min: 0, max: 2)
        }
        row("F.glu(x)", "–", "tensor([[0.8808], [2.9460]])") {
            x.glu()
        }
        row("torch.addcmul(x, x, x, value=2)", "x + 2 * x * x", "tensor([[ 3., 10.], [21., 36.]])") {
            addcmul(x, x, x, value: 2)
        }
    }

    // MARK: - Reductions

    @Test func `Elements are reduced`() {
        row("x.sum()", "x.sum()", "tensor(10.)") {
            x.sum()
        }
        row("x.sum(dim=0)", "x.sum(axis=0)", "tensor([4., 6.])") {
            x.sum(axis: 0)
        }
        row("x.mean(1, keepdim=True)", "x.mean(1, keepdims=True)", "tensor([[1.5000], [3.5000]])") {
            x.mean(axis: 1, keepDims: true)
        }
        row("x.amax(dim=(0, 1))", "x.max((0, 1))", "tensor(4.)") {
            x.max(axes: [0, 1])
        }
        row("x.max(dim=1).indices", "x.argmax(1)", "tensor([1, 1])") {
            x.max(axis: 1).indices
        }
        row("v.argmin()", "v.argmin()", "tensor(1)") {
            v.argmin()
        }
        row("v.std()", "v.std(ddof=1)", "tensor(1.)") {
            v.standardDeviation()
        }
        row("x.var(0, correction=0)", "x.var(0)", "tensor([1., 1.])") {
            x.variance(axis: 0, correction: 0)
        }
        row("v.cumsum(0)", "v.cumsum(0)", "tensor([3., 4., 6.])") {
            v.cumulativeSum(axis: 0)
        }
        row("x.norm()", "np.linalg.norm(x)", "tensor(5.4772)") {
            x.square().sum().sqrt()
        }
        row("torch.all(x > 0)", "np.all(x > 0)", "true") {
            (x .> 0).logicalNot().sum().item(as: Int.self) == 0
        }
    }

    // MARK: - Products and rows

    @Test func `Matrices are multiplied`() {
        row("x @ x", "x @ x", "tensor([[ 7., 10.], [15., 22.]])") {
            matmul(x, x)
        }
        row("torch.dot(v, v)", "np.dot(v, v)", "tensor(14.)") {
            matmul(v, v)
        }
        row("torch.bmm(batch, batch)", "batch @ batch", "shape [8, 2, 2]") {
            matmul(batch, batch)
        }
        row("torch.addmm(v[:2], x, x)", "v[:2] + x @ x", "tensor([[10., 11.], [18., 23.]])") {
            addmm(v[..<2], x, x)
        }
        row("v.softmax(dim=0)", "scipy.special.softmax(v)", "tensor([0.6652, 0.0900, 0.2447])") {
            v.softmax(axis: 0)
        }
        row("v.log_softmax(0)", "scipy.special.log_softmax(v)", "tensor([-0.4076, -2.4076, -1.4076])") {
            v.logSoftmax(axis: 0)
        }
        row("F.conv2d(images, filters, stride=2)", "–", "shape [1, 4, 2, 2]") {
            conv2d(images, weight: filters, stride: 2)
        }
        row("F.conv_transpose2d(torch.ones(1, 4, 5, 5), filters)", "–", "shape [1, 2, 7, 7]") {
            convTranspose2d(Tensor(ones: [1, 4, 5, 5]), weight: filters)
        }
        row("F.max_pool2d(batch, 2)", "–", "shape [8, 1, 1]") {
            batch.maxPool2d(kernelSize: 2)
        }
        row("F.avg_pool2d(batch, 2)", "–", "shape [8, 1, 1]") {
            batch.avgPool2d(kernelSize: 2)
        }
        row("F.adaptive_avg_pool2d(batch, 1)", "–", "shape [8, 1, 1]") {
            batch.adaptiveAvgPool2d(outputSize: 1)
        }
        row("F.pad(x, (1, 0))", "np.pad(x, ((0, 0), (1, 0)))", "tensor([[0., 1., 2.], [0., 3., 4.]])") {
            x.padded([1, 0])
        }
        row("F.interpolate(batch, scale_factor=2)", "–", "shape [8, 2, 4]") {
            batch.interpolated(scaleFactor: 2)
        }
        row("F.layer_norm(x, (2,))", "–", "tensor([[-1.0000, 1.0000], [-1.0000, 1.0000]])") {
            x.layerNorm([2])
        }
        row("F.batch_norm(x, None, None, training=True)", "–", "tensor([[-1.0000, -1.0000], [ 1.0000, 1.0000]])") {
            x.batchNorm()
        }
        row("F.group_norm(x, 1)", "–", "tensor([[-1.0000, 1.0000], [-1.0000, 1.0000]])") {
            x.groupNorm(groups: 1)
        }
        row("F.instance_norm(x[None])", "–", "shape [1, 2, 2]") {
            x[.newAxis].instanceNorm()
        }
        row("F.local_response_norm(x[None], 2)", "–", "shape [1, 2, 2]") {
            x[.newAxis].localResponseNorm(size: 2)
        }
    }

    // MARK: - Randomness

    @Test func `Numbers are drawn`() {
        row("torch.rand(2, 3)", "rng.random((2, 3))", "shape [2, 3]") {
            Tensor(uniform: [2, 3])
        }
        row("torch.randn(2, 3)", "rng.standard_normal((2, 3))", "shape [2, 3]") {
            Tensor(normal: [2, 3])
        }
        row("torch.empty(4).uniform_(-1, 1)", "rng.uniform(-1, 1, 4)", "shape [4]") {
            Tensor(uniform: [4], in: -1..<1)
        }
        row("torch.Generator().manual_seed(0)", "np.random.default_rng(0)", "shape [2]") {
            Tensor(normal: [2], generator: RandomGenerator(seed: 0))
        }
        row("torch.manual_seed(0)", "np.random.seed(0)", "()") {
            manualSeed(0)
        }
        row("torch.randint(0, 10, (2, 3))", "rng.integers(0, 10, (2, 3))", "shape [2, 3]") {
            Tensor(randomIntegers: 0..<10, shape: [2, 3])
        }
        row("torch.randperm(5)", "rng.permutation(5)", "shape [5]") {
            Tensor(permutation: 5)
        }
        row("x[torch.randperm(2)]", "rng.permutation(x)", "shape [2, 2]") {
            x.shuffled()
        }
        row("v.multinomial(2)", "rng.choice(3, 2, replace=False, p=v / v.sum())", "shape [2]") {
            v.multinomial(2)
        }
        row("generator.get_state()", "rng.bit_generator.state", "State(seed: 7, drawCount: 0)") {
            generator.state
        }
        row("torch.random.fork_rng()", "–", "shape [2]") {
            withRandomSeed(0) { Tensor(normal: [2]) }
        }
    }

    // MARK: - Gradients

    @Test func `Gradients are computed`() {
        row("torch.tensor([1.], requires_grad=True)", "–", "tensor([1.], requiresGrad: true)") {
            Tensor([1.0], requiresGrad: true)
        }
        row("v.requires_grad_()", "–", "tensor([3., 1., 2.], requiresGrad: true)") {
            v.withRequiresGrad()
        }
        row("w.detach()", "–", "tensor([3., 1., 2.])") {
            w.detached()
        }
        row("w.square().sum().backward(); w.grad", "–", "tensor([6., 2., 4.])") {
            let w = v.withRequiresGrad()
            w.square().sum().backward()
            return w.grad!
        }
        row("w.grad *= 0.5", "–", "tensor([3., 1., 2.])") {
            let w = v.withRequiresGrad()
            w.square().sum().backward()
            w.grad! *= 0.5
            return w.grad!
        }
        row("torch.autograd.grad(w.sum(), [w])", "–", "[tensor([1., 1., 1.])]") {
            let w = v.withRequiresGrad()
            return grad(of: w.sum(), withRespectTo: [w])
        }
        row("with torch.no_grad(): 2 * w", "–", "tensor([6., 2., 4.])") {
            noGrad { 2 * w }
        }
        row("class Cube(torch.autograd.Function)", "–", "tensor([27., 1., 8.], gradFn: cube)") {
            differentiable("cube", w) {
                $0 * $0 * $0
            } derivative: { gradient, step in
                gradient * 3 * step.inputs[0].square()
            }
        }
    }

    // MARK: - Modules, losses and optimizers

    @Test func `Models are trained`() throws {
        row("nn.Linear(2, 3)", "–", "shape [2, 3]") {
            Linear(2, 3)(x)
        }
        row("nn.Sequential(nn.Linear(2, 3), nn.ReLU())", "–", "shape [2, 3]") {
            Sequential(Linear(2, 3), ReLU())(x)
        }
        row("nn.Embedding(10, 4)(i)", "–", "shape [2, 4]") {
            Embedding(10, 4)(i)
        }
        row("nn.Conv2d(2, 4, 3, padding=1)(images)", "–", "shape [1, 4, 5, 5]") {
            Conv2d(2, 4, 3, padding: 1)(images)
        }
        row("nn.ConvTranspose2d(2, 4, 2, stride=2)(images)", "–", "shape [1, 4, 10, 10]") {
            ConvTranspose2d(2, 4, 2, stride: 2)(images)
        }
        row("nn.EmbeddingBag(10, 4)(i, torch.tensor([0, 1]))", "–", "shape [2, 4]") {
            EmbeddingBag(10, 4)(i, Tensor([0, 1]))
        }
        row("nn.Bilinear(2, 2, 3)(x, x)", "–", "shape [2, 3]") {
            Bilinear(2, 2, 3)(x, x)
        }
        row("nn.Unflatten(1, (2, 1))(x)", "–", "shape [2, 2, 1]") {
            Unflatten(1, [2, 1])(x)
        }
        row("nn.ModuleList([nn.Linear(2, 3)])", "–", "shape [2, 3]") {
            ModuleList([Linear(2, 3)])[0](x)
        }
        row("nn.ModuleDict({'a': nn.Linear(2, 3)})", "–", "shape [2, 3]") {
            ModuleDict([("a", Linear(2, 3))])["a"]!(x)
        }
        row("nn.MaxPool2d(2)(batch)", "–", "shape [8, 1, 1]") {
            MaxPool2d(2)(batch)
        }
        row("nn.AdaptiveAvgPool2d(1)(batch)", "–", "shape [8, 1, 1]") {
            AdaptiveAvgPool2d(1)(batch)
        }
        row("nn.ZeroPad2d(1)(batch)", "–", "shape [8, 4, 4]") {
            ZeroPad2d(1)(batch)
        }
        row("nn.Upsample(scale_factor=2)(batch)", "–", "shape [8, 2, 4]") {
            Upsample(scaleFactor: 2)(batch)
        }
        row("nn.LayerNorm(2)(x)", "–", "shape [2, 2]") {
            LayerNorm(2)(x)
        }
        row("F.scaled_dot_product_attention(batch, batch, batch, is_causal=True)", "–", "shape [8, 2, 2]") {
            scaledDotProductAttention(batch, batch, batch, isCausal: true)
        }
        row("nn.MultiheadAttention(2, 1)(batch, batch, batch, need_weights=False)[0]", "–", "shape [8, 2, 2]") {
            MultiheadAttention(2, 1)(batch, batch, batch)
        }
        row("nn.RNN(2, 3, nonlinearity=\"relu\")(batch)[0]", "–", "shape [8, 2, 3]") {
            RNN(2, 3, nonlinearity: .relu)(batch).output
        }
        row("nn.LSTM(2, 3, bidirectional=True)(batch)[0]", "–", "shape [8, 2, 6]") {
            LSTM(2, 3, bidirectional: true)(batch).output
        }
        row("nn.GRU(2, 3)(pack_padded_sequence(batch, [8, 5]))[1]", "–", "shape [1, 2, 3]") {
            GRU(2, 3)(batch, lengths: [8, 5]).state
        }
        row("nn.LSTMCell(2, 3)(x)[0]", "–", "shape [2, 3]") {
            LSTMCell(2, 3)(x).h
        }
        row("nn.TransformerEncoder(nn.TransformerEncoderLayer(2, 1), 2)(batch)", "–", "shape [8, 2, 2]") {
            TransformerEncoder(TransformerEncoderLayer(2, 1), numLayers: 2)(batch)
        }
        row("nn.TransformerDecoder(nn.TransformerDecoderLayer(2, 1), 2)(batch, batch)", "–", "shape [8, 2, 2]") {
            TransformerDecoder(TransformerDecoderLayer(2, 1), numLayers: 2)(batch, batch)
        }
        row("nn.Transformer(2, 1, 1, 1)(batch, batch)", "–", "shape [8, 2, 2]") {
            Transformer(dModel: 2, numHeads: 1, numEncoderLayers: 1, numDecoderLayers: 1)(batch, batch)
        }
        row("nn.BatchNorm1d(2)(x)", "–", "shape [2, 2]") {
            BatchNorm1d(2)(x)
        }
        row("nn.GroupNorm(1, 2)(x)", "–", "shape [2, 2]") {
            GroupNorm(1, 2)(x)
        }
        row("nn.InstanceNorm1d(2)(x)", "–", "shape [2, 2]") {
            InstanceNorm1d(2)(x)
        }
        row("nn.LocalResponseNorm(2)(x[None])", "–", "shape [1, 2, 2]") {
            LocalResponseNorm(2)(x[.newAxis])
        }
        row("nn.Parameter(torch.zeros(3))", "–", "WeftNN.Parameter") {
            Parameter(Tensor(zeros: [3]))
        }
        row("sum(p.numel() for p in model.parameters())", "–", "17") {
            model.parameterCount
        }
        row("[n for n, _ in model.named_parameters()]", "–", #"["0.weight", "0.bias", "2.weight", "2.bias"]"#) {
            model.namedParameters.map(\.name)
        }
        row("F.cross_entropy(x, i)", "–", "tensor(0.8133)") {
            crossEntropy(x, i)
        }
        row("F.mse_loss(x, x + 1, reduction='sum')", "–", "tensor(4.)") {
            mse(x, x + 1, reduction: .sum)
        }
        row("torch.optim.SGD(model.parameters(), 0.1, momentum=0.9)", "–", "WeftNN.SGD") {
            SGD(model, learningRate: 0.1, momentum: 0.9)
        }
        row("torch.optim.AdamW(model.parameters(), lr=1e-3)", "–", "WeftNN.AdamW") {
            AdamW(model, learningRate: 1e-3)
        }
        row("optimizer.param_groups[0]['lr'] *= 0.5", "–", "()") {
            optimizer.learningRate *= 0.5
        }
        row("optimizer.zero_grad()", "–", "()") {
            optimizer.zeroGrad()
        }
        row("self.register_buffer('mean', torch.zeros(3))", "–", "WeftNN.Buffer") {
            Buffer(Tensor(zeros: [3]))
        }
        row("nn.Linear(2, 3).requires_grad_(False)", "–", "()") {
            Linear(2, 3).freeze()
        }
        row("nn.Linear(2, 3).to(torch.float64)", "–", "()") {
            Linear(2, 3).to(.float64)
        }
        row("nn.utils.clip_grad_norm_(model.parameters(), 1.)", "–", "tensor(0.)") {
            clipGradNorm(model.parameters, maxNorm: 1)
        }
        row("nn.utils.clip_grad_value_(model.parameters(), 1.)", "–", "()") {
            clipGradValue(model.parameters, clipValue: 1)
        }
        row("optimizer.state_dict()['param_groups'][0]['lr']", "–", "tensor(0.1000, dtype: float64)") {
            optimizer.stateDict["param_groups.0.lr"]!
        }
        row("model.eval(); model(x)", "–", "shape [2, 2]") {
            withMode(.evaluation) { model(x) }
        }
    }

    // MARK: - Saving

    @Test func `Values are saved and loaded`() async throws {
        try await inTemporaryFolder { folder in
            let path = folder + "/weights.safetensors"
            row("sorted(model.state_dict())", "–", #"["0.bias", "0.weight", "2.bias", "2.weight"]"#) {
                model.stateDict.keys.sorted()
            }
            try row("save_file(model.state_dict(), path)", "–", "()") {
                try model.save(to: path)
            }
            try row("model.load_state_dict(load_file(path))", "–", "()") {
                try model.load(from: path)
            }
            try row("torch.save({'model': model.state_dict()}, path)", "–", "()") {
                try saveCheckpoint(["model": model], to: path)
            }
            try row("model.load_state_dict(torch.load(path)['model'])", "–", "[:]") {
                try loadCheckpoint(path, into: ["model": model])
            }
            try row("safetensors.torch.save_file({'x': x}, path)", "np.savez(path, x=x)", "()") {
                try saveSafetensors(["x": x], to: path)
            }
            try row("load_file(path)['x']", "np.load(path)['x']", "tensor([[1., 2.], [3., 4.]])") {
                try loadSafetensors(path)["x"]!
            }
        }
    }
}
