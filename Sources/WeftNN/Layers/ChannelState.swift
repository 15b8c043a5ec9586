import WeftTensor

extension SpatialRank {
    /// The shape of a batch of images with `channels` channels, as refusals write it.
    static func shape(_ channels: Int) -> String {
        let sizes = ["l", "h, w", "d, h, w"]
        return "[n, \(channels), \(sizes[spatialRank - 1])]"
    }
}

/// What layers that normalise channels hold.
struct ChannelState {
    let numFeatures: Int
    let weight, bias: Parameter?
    let runningMean, runningVar, numBatchesTracked: Buffer?

    /// Refused if `numFeatures` is negative.
    init(
        _ numFeatures: Int,
        affine: Bool,
        trackRunningStats: Bool,
        bias: Bool,
        layer: StaticString,
        at site: CallSite
    ) {
        if numFeatures < 0 {
            refuse(layer, "the number of features is \(numFeatures); it cannot be negative", at: site)
        }
        let count = max(numFeatures, 0)
        self.numFeatures = count
        (weight, self.bias, runningMean, runningVar, numBatchesTracked) = refusing(as: layer, at: site) {
            (
                affine ? Parameter(Tensor(ones: [count])) : nil,
                affine && bias ? Parameter(Tensor(zeros: [count])) : nil,
                trackRunningStats ? Buffer(Tensor(zeros: [count])) : nil,
                trackRunningStats ? Buffer(Tensor(ones: [count])) : nil,
                trackRunningStats ? Buffer(Tensor(0)) : nil
            )
        }
    }

    static var stateDictNames: [String: String] {
        [
            "runningMean": "running_mean", "runningVar": "running_var", "numBatchesTracked": "num_batches_tracked",
        ]
    }
}
