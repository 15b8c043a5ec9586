import Weft

/// Convolutions, patches and linear layers.
extension ConformanceSuite {
    static let convolutions: [String: CaseOperation] = [
        "nn.functional.conv1d": convolution {
            conv1d(
                $0.x,
                weight: $0.weight,
                bias: $0.bias,
                stride: $0.stride,
                padding: $0.padding,
                dilation: $0.dilation,
                groups: $0.groups
            )
        },
        "nn.functional.conv2d": convolution {
            conv2d(
                $0.x,
                weight: $0.weight,
                bias: $0.bias,
                stride: $0.stride,
                padding: $0.padding,
                dilation: $0.dilation,
                groups: $0.groups
            )
        },
        "nn.functional.conv3d": convolution {
            conv3d(
                $0.x,
                weight: $0.weight,
                bias: $0.bias,
                stride: $0.stride,
                padding: $0.padding,
                dilation: $0.dilation,
                groups: $0.groups
            )
        },
        "nn.functional.conv_transpose1d": transposed {
            convTranspose1d(
                $0.x,
                weight: $0.weight,
                bias: $0.bias,
                stride: $0.stride,
                padding: $0.padding,
                outputPadding: $0.outputPadding,
                groups: $0.groups,
                dilation: $0.dilation
            )
        },
        "nn.functional.conv_transpose2d": transposed {
            convTranspose2d(
                $0.x,
                weight: $0.weight,
                bias: $0.bias,
                stride: $0.stride,
                padding: $0.padding,
                outputPadding: $0.outputPadding,
                groups: $0.groups,
                dilation: $0.dilation
            )
        },
        "nn.functional.unfold": { a in
            [
                try a.tensor(0, "input").unfolded(
                    kernelSize: try a.sizes(1, "kernel_size") ?? 1,
                    dilation: try a.sizes(2, "dilation") ?? 1,
                    padding: try a.sizes(3, "padding") ?? 0,
                    stride: try a.sizes(4, "stride") ?? 1
                )
            ]
        },
    ]

    private struct Convolution {
        let x, weight: Tensor
        let bias: Tensor?
        let stride: SpatialSizes
        let padding: SpatialPadding
        let dilation: SpatialSizes
        let groups: Int
    }

    private struct TransposedConvolution {
        let x, weight: Tensor
        let bias: Tensor?
        let stride, padding, outputPadding: SpatialSizes
        let groups: Int
        let dilation: SpatialSizes
    }

    private static func convolution(_ function: @escaping @Sendable (Convolution) -> Tensor) -> CaseOperation {
        { a in
            [
                function(
                    Convolution(
                        x: try a.tensor(0, "input"),
                        weight: try a.tensor(1, "weight"),
                        bias: try a.optionalTensor(2, "bias"),
                        stride: try a.sizes(3, "stride") ?? 1,
                        padding: try padding(a, 4),
                        dilation: try a.sizes(5, "dilation") ?? 1,
                        groups: try a.int(6, "groups", or: 1)
                    )
                )
            ]
        }
    }

    private static func padding(_ a: CaseArguments, _ place: Int) throws -> SpatialPadding {
        guard a.has(place, "padding") else { return 0 }
        switch try? a.string(place, "padding") {
        case "same": return .same
        case "valid": return .valid
        default: return .sizes(try a.sizes(place, "padding") ?? 0)
        }
    }

    private static func transposed(_ function: @escaping @Sendable (TransposedConvolution) -> Tensor) -> CaseOperation {
        { a in
            [
                function(
                    TransposedConvolution(
                        x: try a.tensor(0, "input"),
                        weight: try a.tensor(1, "weight"),
                        bias: try a.optionalTensor(2, "bias"),
                        stride: try a.sizes(3, "stride") ?? 1,
                        padding: try a.sizes(4, "padding") ?? 0,
                        outputPadding: try a.sizes(5, "output_padding") ?? 0,
                        groups: try a.int(6, "groups", or: 1),
                        dilation: try a.sizes(7, "dilation") ?? 1
                    )
                )
            ]
        }
    }
}
