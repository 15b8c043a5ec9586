import WeftTensor

/// How many dimensions the images have that a layer takes: what tells ``BatchNorm1d`` from ``BatchNorm2d``.
public protocol ImageDimensions {
    static var count: Int { get }
}

/// One dimension: `[n, c, l]`.
public enum Images1d: ImageDimensions {
    public static var count: Int { 1 }
}

/// Two dimensions: `[n, c, h, w]`.
public enum Images2d: ImageDimensions {
    public static var count: Int { 2 }
}

/// Three dimensions: `[n, c, d, h, w]`.
public enum Images3d: ImageDimensions {
    public static var count: Int { 3 }
}

extension ImageDimensions {
    /// The shape of a batch of images with `channels` channels, as refusals write it.
    static func shape(_ channels: Int) -> String {
        let sizes = ["l", "h, w", "d, h, w"]
        return "[n, \(channels), \(sizes[count - 1])]"
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
