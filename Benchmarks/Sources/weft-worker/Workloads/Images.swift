import Weft

/// Convolutions of `x`, or their transposes.
func convolution(_ row: PreparedRow) throws -> any Workload {
    let inputs = try [row.images("x")] + ["weight", "bias"].map(row.tensor)
    let (stride, padding) = (SpatialSizes(try row.size("stride")), try row.size("padding"))
    let groups = try row.size("groups")
    let forward: ([Tensor]) -> Tensor
    switch (row.kind, inputs[0].rank) {
    case ("conv", 3):
        forward = {
            conv1d($0[0], weight: $0[1], bias: $0[2], stride: stride, padding: SpatialPadding(padding), groups: groups)
        }
    case ("conv", 4):
        forward = {
            conv2d($0[0], weight: $0[1], bias: $0[2], stride: stride, padding: SpatialPadding(padding), groups: groups)
        }
    case ("conv", 5):
        forward = {
            conv3d($0[0], weight: $0[1], bias: $0[2], stride: stride, padding: SpatialPadding(padding), groups: groups)
        }
    case ("convtranspose", 4):
        forward = {
            convTranspose2d(
                $0[0],
                weight: $0[1],
                bias: $0[2],
                stride: stride,
                padding: SpatialSizes(padding),
                groups: groups
            )
        }
    default: throw Mistake("there is no \(row.kind) of a tensor of \(inputs[0].rank) dimensions")
    }
    return try passes(row, of: inputs, forward: forward, gradient: { try row.images("gradient") })
}

/// Images pooled, or interpolated to a multiple of their size.
func resampling(_ row: PreparedRow) throws -> any Workload {
    let function: (Tensor) -> Tensor
    if row.kind == "bilinear" {
        let scale = Double(try row.size("scale"))
        function = { $0.interpolated(scaleFactor: scale, mode: .bilinear) }
    } else {
        let kernel = SpatialSizes(try row.size("kernel"))
        let (stride, padding) = (SpatialSizes(try row.size("stride")), SpatialSizes(try row.size("padding")))
        function =
            row.kind == "maxpool2d"
            ? { $0.maxPool2d(kernelSize: kernel, stride: stride, padding: padding) }
            : { $0.avgPool2d(kernelSize: kernel, stride: stride, padding: padding) }
    }
    return try passes(
        row,
        of: [row.images("x")],
        forward: { function($0[0]) },
        gradient: { try row.images("gradient") }
    )
}

/// Batch norm in training, or group norm, of images.
func imageNorm(_ row: PreparedRow) throws -> any Workload {
    let inputs = try [row.images("x")] + ["weight", "bias"].map(row.tensor)
    let groups = row.kind == "groupnorm" ? try row.size("groups") : 0
    return try passes(
        row,
        of: inputs,
        forward: {
            groups > 0
                ? $0[0].groupNorm(groups: groups, weight: $0[1], bias: $0[2])
                : $0[0].batchNorm(weight: $0[1], bias: $0[2])
        },
        gradient: { try row.images("gradient") }
    )
}
