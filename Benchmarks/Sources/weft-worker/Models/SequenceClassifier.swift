import Weft

/// The model of `lstm`: ten classes of sequences of shape [batch, steps, 128].
final class SequenceClassifier: Module {
    let lstm = LSTM(128, 128, batchFirst: true)
    let fc = Linear(128, 10)

    func callAsFunction(_ x: Tensor) -> Tensor { fc(lstm(x).output[0..., -1]) }
}
