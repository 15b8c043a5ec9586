import Weft

/// Convolutions of `x`, or their transposes.
func convolution(_ row: PreparedRow) throws -> any Workload {
    throw Missing("Weft has no convolution")
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
        of: [row.tensor("x")],
        forward: { function($0[0]) },
        gradient: { try row.tensor("gradient") }
    )
}

/// Batch norm in training, or group norm, of images.
func imageNorm(_ row: PreparedRow) throws -> any Workload {
    let inputs = try ["x", "weight", "bias"].map(row.tensor)
    let groups = row.kind == "groupnorm" ? try row.size("groups") : 0
    return try passes(
        row,
        of: inputs,
        forward: {
            groups > 0
                ? $0[0].groupNorm(groups: groups, weight: $0[1], bias: $0[2]) : $0[0].batchNorm(weight: $0[1], bias: $0[2])
        },
        gradient: { try row.tensor("gradient") }
    )
}
