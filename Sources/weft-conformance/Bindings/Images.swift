import Weft

/// Padding, resampling, sampling and shuffling of images.
extension ConformanceSuite {
    static let images: [String: CaseOperation] = [
        "nn.functional.pixel_shuffle": { a in
            [try a.tensor(0, "input").pixelShuffle(upscaleFactor: try a.int(1, "upscale_factor"))]
        },
        "nn.functional.pixel_unshuffle": { a in
            [try a.tensor(0, "input").pixelUnshuffle(downscaleFactor: try a.int(1, "downscale_factor"))]
        },
        "nn.functional.channel_shuffle": { a in
            [try a.tensor(0, "input").channelShuffle(groups: try a.int(1, "groups"))]
        },
        "nn.functional.pad.constant": padding,
        "nn.functional.pad.reflect": padding,
        "nn.functional.pad.replicate": padding,
        "nn.functional.pad.replicate_negative": padding,
        "nn.functional.pad.circular": padding,
        "nn.functional.interpolate.area": interpolation,
        "nn.functional.interpolate.bicubic": interpolation,
        "nn.functional.interpolate.bilinear": interpolation,
        "nn.functional.interpolate.linear": interpolation,
        "nn.functional.interpolate.nearest": interpolation,
        "nn.functional.interpolate.nearest-exact": interpolation,
        "nn.functional.grid_sample": { a in
            let modes: [String: GridSamplingMode] = ["bilinear": .bilinear, "nearest": .nearest, "bicubic": .bicubic]
            let paddings: [String: GridPaddingMode] = [
                "zeros": .zeros, "border": .border, "reflection": .reflection,
            ]
            return [
                try a.tensor(0, "input").gridSample(
                    try a.tensor(1, "grid"),
                    mode: try choice(try a.string(2, "mode", or: "bilinear"), modes),
                    paddingMode: try choice(try a.string(3, "padding_mode", or: "zeros"), paddings),
                    alignCorners: try a.bool(4, "align_corners", or: false)
                )
            ]
        },
    ]

    private static func choice<Value>(_ name: String, _ choices: [String: Value]) throws -> Value {
        guard let value = choices[name] else { throw CaseError("there is no \(name)") }
        return value
    }

    private static let padding: CaseOperation = { a in
        let modes: [String: PaddingMode] = [
            "constant": .constant, "reflect": .reflect, "replicate": .replicate, "circular": .circular,
        ]
        return [
            try a.tensor(0, "input").padded(
                try a.ints(1, "pad"),
                mode: try choice(try a.string(2, "mode", or: "constant"), modes),
                value: try a.double(3, "value", or: 0)
            )
        ]
    }

    private static let interpolation: CaseOperation = { a in
        let modes: [String: InterpolationMode] = [
            "nearest": .nearest, "nearest-exact": .nearestExact, "linear": .linear, "bilinear": .bilinear,
            "bicubic": .bicubic, "trilinear": .trilinear, "area": .area,
        ]
        let x = try a.tensor(0, "input")
        let mode = try choice(try a.string(3, "mode", or: "nearest"), modes)
        let alignCorners = a.has(4, "align_corners") ? try a.bool(4, "align_corners", or: false) : nil
        let recomputes = try a.bool(5, "recompute_scale_factor", or: false)
        let antialias = try a.bool(6, "antialias", or: false)
        if let size = try a.sizes(1, "size") {
            _ = try a.optionalDouble(2, "scale_factor")
            return [x.interpolated(size: size, mode: mode, alignCorners: alignCorners, antialias: antialias)]
        }
        let factors =
            a.isList(2, "scale_factor")
            ? try a.doubles(2, "scale_factor") : [try a.double(2, "scale_factor")]
        return [
            x.interpolated(
                scaleFactor: factors,
                mode: mode,
                alignCorners: alignCorners,
                recomputeScaleFactor: recomputes,
                antialias: antialias
            )
        ]
    }
}
