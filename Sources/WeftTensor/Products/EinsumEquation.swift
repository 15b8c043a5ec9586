import WeftRuntime

/// An equation of Einstein's summation convention, with a label for each axis.
struct EinsumEquation {
    /// The labels of each operand's axes, which may repeat.
    private(set) var inputs: [[Int]] = []
    /// The labels of the result's axes.
    private(set) var output: [Int] = []

    /// What stands for three points before it is known how many axes they are.
    private static let ellipsis = -1
    /// The labels of axes that three points stand for begin here, behind all letters.
    private static let firstUnnamed = 256

    /// Refuses what does not fit `operands`.
    init(_ equation: String, _ operands: [Tensor], _ call: Call) throws(Refusal) {
        let text = equation.filter { $0 != " " }
        let arrow = text.firstIndex(of: "-")
        let terms = text[..<(arrow ?? text.endIndex)].split(separator: ",", omittingEmptySubsequences: false)
        try call.require(
            terms.count == operands.count && !operands.isEmpty,
            "the equation \"\(equation)\" has \(terms.count) terms for \(operands.count) tensors"
        )
        var parsed: [[Int]] = []
        for term in terms { parsed.append(try Self.labels(of: term, equation, call)) }
        // Axes that three points stand for are aligned at the last.
        let unnamed = zip(parsed, operands).map { $0.contains(Self.ellipsis) ? $1.rank - $0.count + 1 : 0 }
        let most = unnamed.max() ?? 0
        func unnamedLabels(_ count: Int) -> [Int] { (most - count..<most).map { Self.firstUnnamed + $0 } }
        for ((labels, operand), count) in zip(zip(parsed, operands), unnamed) {
            try call.require(
                count >= 0 && labels.count - (labels.contains(Self.ellipsis) ? 1 : 0) + count == operand.rank,
                "shape \(operand.shape) has \(operand.rank) dimensions, and its term in \"\(equation)\" another number"
            )
            inputs.append(labels.flatMap { $0 == Self.ellipsis ? unnamedLabels(count) : [$0] })
        }
        let all = inputs.flatMap { $0 }
        if let arrow {
            try call.require(
                text[arrow...].hasPrefix("->"),
                "the equation \"\(equation)\" has a - that is no arrow"
            )
            let labels = try Self.labels(of: text[arrow...].dropFirst(2), equation, call)
            output = labels.flatMap { $0 == Self.ellipsis ? unnamedLabels(most) : [$0] }
        } else {
            output = unnamedLabels(most)
            output += Set(all).filter { label in label < Self.firstUnnamed && all.filter { $0 == label }.count == 1 }
                .sorted()
        }
        try call.require(
            Set(output).count == output.count && Set(output).isSubset(of: all),
            "the result of \"\(equation)\" has a label twice, or one that no tensor has"
        )
    }

    /// The labels of a term: the letters' codes, and one for three points.
    private static func labels(of term: Substring, _ equation: String, _ call: Call) throws(Refusal) -> [Int] {
        var labels: [Int] = []
        var points = 0
        for character in term.utf8 {
            let isLetter = (65...90).contains(character) || (97...122).contains(character)
            try call.require(
                isLetter ? points % 3 == 0 : character == UInt8(ascii: ".") && points < 3,
                "the equation \"\(equation)\" has something else than letters, commas, an arrow and three points"
            )
            if isLetter { labels.append(Int(character)) } else { points += 1 }
            if !isLetter && points == 3 { labels.append(ellipsis) }
        }
        try call.require(points % 3 == 0, "the equation \"\(equation)\" has points that are not three")
        return labels
    }
}
