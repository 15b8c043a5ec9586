import Weft

/// Pooling, padding, resampling and shuffling of images.
extension ConformanceSuite {
    static let pooling: [String: CaseOperation] = [
        "nn.functional.pixel_shuffle": { a in
            [try a.tensor(0, "input").pixelShuffle(upscaleFactor: try a.int(1, "upscale_factor"))]
        },
        "nn.functional.pixel_unshuffle": { a in
            [try a.tensor(0, "input").pixelUnshuffle(downscaleFactor: try a.int(1, "downscale_factor"))]
        },
        "nn.functional.channel_shuffle": { a in
            [try a.tensor(0, "input").channelShuffle(groups: try a.int(1, "groups"))]
        },
    ]
}
