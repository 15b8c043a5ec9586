import Weft

/// Pictures of digits, each also moved by a pixel in eight directions: what is nine times as much to learn from.
struct MovedDigits {
    /// All pictures (9 N, 64): those that are moved up and left, all of them, then those that are moved up, and so on.
    let images: Tensor
    private let count: Int

    private static let moves = 9
    private static let unmoved = 4

    /// - Parameter images: pictures (N, 64) with a background of 0, which comes in where they move away.
    init(_ images: Tensor) {
        let count = images.shape[0]
        self.count = count
        let side = Digits.side
        var framed = Tensor(zeros: [count, side + 2, side + 2])
        framed[0..., 1..<side + 1, 1..<side + 1] = images.reshaped([count, side, side])
        let all = (0..<Self.moves).map { move in
            let (row, column) = (2 - move / 3, 2 - move % 3)
            return framed[0..., row..<row + side, column..<column + side].reshaped([count, Digits.pixelCount])
        }
        self.images = concatenated(all, axis: 0)
    }

    /// The rows of `images` that show the pictures `rows`, half of them moved in a direction from `random`.
    func rows(_ rows: some Sequence<Int>, _ random: inout SplitMix64) -> [Int] {
        rows.map { row in
            let draw = random.next(below: 2 * (Self.moves - 1))
            let move = draw >= Self.moves - 1 ? Self.unmoved : draw < Self.unmoved ? draw : draw + 1
            return move * count + row
        }
    }
}
