import Weft

/// Pooling of images.
extension ConformanceSuite {
    static let pooling: [String: CaseOperation] = [
        "nn.functional.max_pool1d": maximum {
            $1
                ? $0.x.maxPool1dWithIndices(
                    kernelSize: $0.kernel,
                    stride: $0.stride,
                    padding: $0.padding,
                    dilation: $0.dilation,
                    ceilMode: $0.ceil
                )
                : (
                    $0.x.maxPool1d(
                        kernelSize: $0.kernel,
                        stride: $0.stride,
                        padding: $0.padding,
                        dilation: $0.dilation,
                        ceilMode: $0.ceil
                    ), nil
                )
        },
        "nn.functional.max_pool2d": maximum {
            $1
                ? $0.x.maxPool2dWithIndices(
                    kernelSize: $0.kernel,
                    stride: $0.stride,
                    padding: $0.padding,
                    dilation: $0.dilation,
                    ceilMode: $0.ceil
                )
                : (
                    $0.x.maxPool2d(
                        kernelSize: $0.kernel,
                        stride: $0.stride,
                        padding: $0.padding,
                        dilation: $0.dilation,
                        ceilMode: $0.ceil
                    ), nil
                )
        },
        "nn.functional.max_pool3d": maximum {
            $1
                ? $0.x.maxPool3dWithIndices(
                    kernelSize: $0.kernel,
                    stride: $0.stride,
                    padding: $0.padding,
                    dilation: $0.dilation,
                    ceilMode: $0.ceil
                )
                : (
                    $0.x.maxPool3d(
                        kernelSize: $0.kernel,
                        stride: $0.stride,
                        padding: $0.padding,
                        dilation: $0.dilation,
                        ceilMode: $0.ceil
                    ), nil
                )
        },
        "nn.functional.avg_pool1d": { a in
            [
                try a.tensor(0, "input").avgPool1d(
                    kernelSize: try a.sizes(1, "kernel_size") ?? 1,
                    stride: try a.sizes(2, "stride"),
                    padding: try a.sizes(3, "padding") ?? 0,
                    ceilMode: try a.bool(4, "ceil_mode", or: false),
                    countIncludePad: try a.bool(5, "count_include_pad", or: true)
                )
            ]
        },
        "nn.functional.avg_pool2d": { a in
            [
                try a.tensor(0, "input").avgPool2d(
                    kernelSize: try a.sizes(1, "kernel_size") ?? 1,
                    stride: try a.sizes(2, "stride"),
                    padding: try a.sizes(3, "padding") ?? 0,
                    ceilMode: try a.bool(4, "ceil_mode", or: false),
                    countIncludePad: try a.bool(5, "count_include_pad", or: true),
                    divisorOverride: try a.optionalInt(6, "divisor_override")
                )
            ]
        },
        "nn.functional.avg_pool3d": { a in
            [
                try a.tensor(0, "input").avgPool3d(
                    kernelSize: try a.sizes(1, "kernel_size") ?? 1,
                    stride: try a.sizes(2, "stride"),
                    padding: try a.sizes(3, "padding") ?? 0,
                    ceilMode: try a.bool(4, "ceil_mode", or: false),
                    countIncludePad: try a.bool(5, "count_include_pad", or: true),
                    divisorOverride: try a.optionalInt(6, "divisor_override")
                )
            ]
        },
        "nn.functional.adaptive_avg_pool1d": { a in
            [try a.tensor(0, "input").adaptiveAvgPool1d(outputSize: try one(try outputSize(a)))]
        },
        "nn.functional.adaptive_avg_pool2d": { a in
            [try a.tensor(0, "input").adaptiveAvgPool2d(outputSize: try outputSize(a))]
        },
        "nn.functional.adaptive_max_pool1d": { a in
            let (x, size) = (try a.tensor(0, "input"), try one(try outputSize(a)))
            guard try a.bool(2, "return_indices", or: false) else { return [x.adaptiveMaxPool1d(outputSize: size)] }
            let (values, indices) = x.adaptiveMaxPool1dWithIndices(outputSize: size)
            return [values, indices]
        },
        "nn.functional.adaptive_max_pool2d": { a in
            let (x, size) = (try a.tensor(0, "input"), try outputSize(a))
            guard try a.bool(2, "return_indices", or: false) else { return [x.adaptiveMaxPool2d(outputSize: size)] }
            let (values, indices) = x.adaptiveMaxPool2dWithIndices(outputSize: size)
            return [values, indices]
        },
        "nn.functional.max_unpool2d": { a in
            [
                try a.tensor(0, "input").maxUnpool2d(
                    indices: try a.tensor(1, "indices"),
                    kernelSize: try a.sizes(2, "kernel_size") ?? 1,
                    stride: try a.sizes(3, "stride"),
                    padding: try a.sizes(4, "padding") ?? 0,
                    outputSize: try a.optionalInts(5, "output_size")
                )
            ]
        },
    ]

    private struct MaximumPool {
        let x: Tensor
        let kernel: SpatialSizes
        let stride: SpatialSizes?
        let padding, dilation: SpatialSizes
        let ceil: Bool
    }

    private static func maximum(
        _ function: @escaping @Sendable (MaximumPool, Bool) -> (Tensor, Tensor?)
    ) -> CaseOperation {
        { a in
            let pool = MaximumPool(
                x: try a.tensor(0, "input"),
                kernel: try a.sizes(1, "kernel_size") ?? 1,
                stride: try a.sizes(2, "stride"),
                padding: try a.sizes(3, "padding") ?? 0,
                dilation: try a.sizes(4, "dilation") ?? 1,
                ceil: try a.bool(5, "ceil_mode", or: false)
            )
            let (values, indices) = function(pool, try a.bool(6, "return_indices", or: false))
            return [values] + (indices.map { [$0] } ?? [])
        }
    }

    /// Sizes with nil where the input's are kept.
    private static func outputSize(_ a: CaseArguments) throws -> [Int?] {
        guard a.isList(1, "output_size") else { return [try a.int(1, "output_size")] }
        return try a.members(1, "output_size").map { member in
            switch member {
            case .value(.int(let size)): size
            case .value(.none): nil
            default: throw CaseError("a size is \(member)")
            }
        }
    }

    private static func one(_ sizes: [Int?]) throws -> Int? {
        guard sizes.count == 1 else { throw CaseError("one size is wanted") }
        return sizes[0]
    }
}
