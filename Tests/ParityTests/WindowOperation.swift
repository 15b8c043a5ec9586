import Weft

/// How Weft computes the operations of the families whose results are made of windows.
struct WindowOperation {
    let operation: String
    let arguments: ParityArguments
    /// The input, in the order in memory that the case asks for where it can lie so.
    let x: Tensor
    let indices: Tensor?

    init(_ operation: String, _ arguments: ParityArguments, _ inputs: ParityInputs) throws {
        self.operation = operation
        self.arguments = arguments
        let input = inputs["input"]
        x = try arguments.bool("channelsLast") && (3...5).contains(input.rank) ? input.contiguous(.channelsLast) : input
        indices = inputs.optional("indices")
    }

    private func sizes(_ name: String) throws -> SpatialSizes? {
        arguments.has(name) ? SpatialSizes(try arguments.ints(name)) : nil
    }

    private func flag(_ name: String, default value: Bool = false) throws -> Bool {
        arguments.has(name) ? try arguments.bool(name) : value
    }

    func pooled() throws -> [String: Tensor] {
        let rank = try arguments.int("rank")
        switch operation {
        case "maxPool", "adaptiveMaxPool":
            let (values, places) = operation == "maxPool" ? try maxima(rank) : try adaptiveMaxima(rank)
            return try flag("indices") ? ["output": values, "indices": places!] : ["output": values]
        case "avgPool": return ["output": try means(rank)]
        case "adaptiveAvgPool":
            let sizes: [Int?] = try arguments.ints("outputSize").map { $0 < 0 ? nil : $0 }
            switch rank {
            case 1: return ["output": x.adaptiveAvgPool1d(outputSize: sizes[0])]
            case 2: return ["output": x.adaptiveAvgPool2d(outputSize: sizes)]
            default: return ["output": x.adaptiveAvgPool3d(outputSize: sizes)]
            }
        case "lpPool": return ["output": try norms(rank)]
        case "maxUnpool": return ["output": try unpooled(rank)]
        default: throw ParityError.unknown(operation)
        }
    }

    private func maxima(_ rank: Int) throws -> (Tensor, Tensor?) {
        let (kernel, stride) = (try sizes("kernelSize")!, try sizes("stride"))
        let (padding, dilation) = (try sizes("padding") ?? 0, try sizes("dilation") ?? 1)
        let ceilMode = try flag("ceilMode")
        guard try flag("indices") else {
            let values =
                switch rank {
                case 1:
                    x.maxPool1d(
                        kernelSize: kernel,
                        stride: stride,
                        padding: padding,
                        dilation: dilation,
                        ceilMode: ceilMode
                    )
                case 2:
                    x.maxPool2d(
                        kernelSize: kernel,
                        stride: stride,
                        padding: padding,
                        dilation: dilation,
                        ceilMode: ceilMode
                    )
                default:
                    x.maxPool3d(
                        kernelSize: kernel,
                        stride: stride,
                        padding: padding,
                        dilation: dilation,
                        ceilMode: ceilMode
                    )
                }
            return (values, nil)
        }
        switch rank {
        case 1:
            return x.maxPool1dWithIndices(
                kernelSize: kernel,
                stride: stride,
                padding: padding,
                dilation: dilation,
                ceilMode: ceilMode
            )
        case 2:
            return x.maxPool2dWithIndices(
                kernelSize: kernel,
                stride: stride,
                padding: padding,
                dilation: dilation,
                ceilMode: ceilMode
            )
        default:
            return x.maxPool3dWithIndices(
                kernelSize: kernel,
                stride: stride,
                padding: padding,
                dilation: dilation,
                ceilMode: ceilMode
            )
        }
    }

    private func adaptiveMaxima(_ rank: Int) throws -> (Tensor, Tensor?) {
        let sizes: [Int?] = try arguments.ints("outputSize").map { $0 < 0 ? nil : $0 }
        switch (rank, try flag("indices")) {
        case (1, true): return x.adaptiveMaxPool1dWithIndices(outputSize: sizes[0])
        case (2, true): return x.adaptiveMaxPool2dWithIndices(outputSize: sizes)
        case (_, true): return x.adaptiveMaxPool3dWithIndices(outputSize: sizes)
        case (1, false): return (x.adaptiveMaxPool1d(outputSize: sizes[0]), nil)
        case (2, false): return (x.adaptiveMaxPool2d(outputSize: sizes), nil)
        case (_, false): return (x.adaptiveMaxPool3d(outputSize: sizes), nil)
        }
    }

    private func means(_ rank: Int) throws -> Tensor {
        let (kernel, stride, padding) = (try sizes("kernelSize")!, try sizes("stride"), try sizes("padding") ?? 0)
        let (ceilMode, countsPadding) = (try flag("ceilMode"), try flag("countIncludePad"))
        let divisor = arguments.has("divisorOverride") ? try arguments.int("divisorOverride") : nil
        switch rank {
        case 1:
            return x.avgPool1d(
                kernelSize: kernel,
                stride: stride,
                padding: padding,
                ceilMode: ceilMode,
                countIncludePad: countsPadding
            )
        case 2:
            return x.avgPool2d(
                kernelSize: kernel,
                stride: stride,
                padding: padding,
                ceilMode: ceilMode,
                countIncludePad: countsPadding,
                divisorOverride: divisor
            )
        default:
            return x.avgPool3d(
                kernelSize: kernel,
                stride: stride,
                padding: padding,
                ceilMode: ceilMode,
                countIncludePad: countsPadding,
                divisorOverride: divisor
            )
        }
    }

    private func norms(_ rank: Int) throws -> Tensor {
        let (kernel, stride, ceilMode) = (try sizes("kernelSize")!, try sizes("stride"), try flag("ceilMode"))
        let power = try arguments.double("normType")
        switch rank {
        case 1: return x.lpPool1d(normType: power, kernelSize: kernel, stride: stride, ceilMode: ceilMode)
        case 2: return x.lpPool2d(normType: power, kernelSize: kernel, stride: stride, ceilMode: ceilMode)
        default: return x.lpPool3d(normType: power, kernelSize: kernel, stride: stride, ceilMode: ceilMode)
        }
    }

    private func unpooled(_ rank: Int) throws -> Tensor {
        let (kernel, padding) = (try sizes("kernelSize")!, try sizes("padding") ?? 0)
        let outputSize = try arguments.ints("outputSize")
        switch rank {
        case 1: return x.maxUnpool1d(indices: indices!, kernelSize: kernel, padding: padding, outputSize: outputSize)
        case 2: return x.maxUnpool2d(indices: indices!, kernelSize: kernel, padding: padding, outputSize: outputSize)
        default: return x.maxUnpool3d(indices: indices!, kernelSize: kernel, padding: padding, outputSize: outputSize)
        }
    }

    func moved() throws -> Tensor {
        switch operation {
        case "padded":
            let modes: [String: PaddingMode] = [
                "constant": .constant, "reflect": .reflect, "replicate": .replicate, "circular": .circular,
            ]
            let mode = modes[try arguments.string("mode")]!
            let value = arguments.has("value") ? try arguments.double("value") : 0
            return x.padded(try arguments.ints("padding"), mode: mode, value: value)
        case "pixelShuffle": return x.pixelShuffle(upscaleFactor: try arguments.int("factor"))
        case "pixelUnshuffle": return x.pixelUnshuffle(downscaleFactor: try arguments.int("factor"))
        case "channelShuffle": return x.channelShuffle(groups: try arguments.int("factor"))
        case "unfolded":
            return x.unfolded(
                kernelSize: try sizes("kernelSize")!,
                dilation: try sizes("dilation")!,
                padding: try sizes("padding")!,
                stride: try sizes("stride")!
            )
        case "folded":
            return x.folded(
                outputSize: try sizes("outputSize")!,
                kernelSize: try sizes("kernelSize")!,
                dilation: try sizes("dilation")!,
                padding: try sizes("padding")!,
                stride: try sizes("stride")!
            )
        default: throw ParityError.unknown(operation)
        }
    }

    func resampled() throws -> Tensor {
        let modes: [String: InterpolationMode] = [
            "nearest": .nearest, "nearest-exact": .nearestExact, "linear": .linear, "bilinear": .bilinear,
            "bicubic": .bicubic, "trilinear": .trilinear, "area": .area,
        ]
        let mode = modes[try arguments.string("mode")]!
        let corners = arguments.has("alignCorners") ? try arguments.bool("alignCorners") : nil
        let antialias = try flag("antialias")
        if let size = try sizes("size") {
            return x.interpolated(size: size, mode: mode, alignCorners: corners, antialias: antialias)
        }
        return x.interpolated(
            scaleFactor: try arguments.doubles("scaleFactor"),
            mode: mode,
            alignCorners: corners,
            recomputeScaleFactor: try flag("recomputeScaleFactor"),
            antialias: antialias
        )
    }
}
