import WeftRuntime

extension Tensor: CustomStringConvertible {
    /// The values in PyTorch's format: four digits, aligned, the middle left out beyond 1,000 elements, and
    /// after them the dtype where it is not the usual one, and how the tensor is tracked.
    ///
    /// ```
    /// tensor([[0.2376]], gradFn: addmm)
    /// ```
    public var description: String {
        if isFailed { return "tensor(failed, shape: \(shape))" }
        let text = TensorFormatter(self).body
        var suffixes: [String] = []
        if count == 0, rank != 1 { suffixes.append("shape: \(shape)") }
        let isImplied = dtype == .float32 || (count > 0 && (dtype == .int64 || dtype == .bool))
        if !isImplied { suffixes.append("dtype: \(dtype)") }
        switch tracking {
        case .none: break
        case .leaf: suffixes.append("requiresGrad: true")
        case .operation(let entry): suffixes.append("gradFn: \(entry.operation.name)")
        }
        return "tensor(" + TensorFormatter.join(text, suffixes) + ")"
    }
}

/// Lays a tensor's values out as PyTorch does.
private struct TensorFormatter {
    static let precision = 4
    private static let summaryThreshold = 1000
    private static let edgeItems = 3
    private static let lineWidth = 80
    private static let prefix = "tensor("

    private let tensor: Tensor
    private let summarizes: Bool
    private let element: ElementFormat

    init(_ tensor: Tensor) {
        self.tensor = tensor.detached()
        summarizes = tensor.count > Self.summaryThreshold
        let shown = summarizes ? Self.edges(of: self.tensor) : self.tensor.printedElements
        element = ElementFormat(shown)
    }

    var body: String {
        if tensor.count == 0 { return "[]" }
        return text(of: tensor, indent: Self.prefix.count)
    }

    /// `suffixes` behind the values, on a line of their own where the last line would get too long.
    static func join(_ text: String, _ suffixes: [String]) -> String {
        var result = text
        // PyTorch counts two characters for the closing parenthesis and what separates the suffix.
        let line = text.split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
        var length = line.count + 2 + (text.contains("\n") ? 0 : prefix.count)
        for suffix in suffixes {
            if length + suffix.count + 2 > lineWidth {
                result += ",\n" + String(repeating: " ", count: prefix.count) + suffix
                length = prefix.count + suffix.count
            } else {
                result += ", " + suffix
                length += suffix.count + 2
            }
        }
        return result
    }

    private func text(of part: Tensor, indent: Int) -> String {
        if part.rank == 0 { return element.text(part.printedElements[0]) }
        if part.rank == 1 { return line(part, indent: indent) }
        let size = part.layout.sizes[0]
        var rows = Self.shownIndices(size, summarizes: summarizes).map { index in
            index.map { text(of: part[$0], indent: indent + 1) } ?? "..."
        }
        for index in rows.indices.dropFirst() {
            rows[index] = String(repeating: " ", count: indent + 1) + rows[index]
        }
        return "[" + rows.joined(separator: "," + String(repeating: "\n", count: part.rank - 1)) + "]"
    }

    private func line(_ part: Tensor, indent: Int) -> String {
        let items = Self.shownIndices(part.count, summarizes: summarizes).map { index in
            index.map { element.text(part[$0].printedElements[0]) } ?? " ..."
        }
        let perLine = max(1, (Self.lineWidth - indent) / (element.width + 2))
        let lines = stride(from: 0, to: items.count, by: perLine).map { start in
            items[start..<min(start + perLine, items.count)].joined(separator: ", ")
        }
        return "[" + lines.joined(separator: ",\n" + String(repeating: " ", count: indent + 1)) + "]"
    }

    /// The indices along a dimension that are shown; nil stands for those left out.
    private static func shownIndices(_ size: Int, summarizes: Bool) -> [Int?] {
        guard summarizes, size > 2 * edgeItems else { return (0..<size).map { $0 } }
        return (0..<edgeItems).map { $0 } + [nil] + ((size - edgeItems)..<size).map { $0 }
    }

    /// The values that a summary shows.
    private static func edges(of part: Tensor) -> [PrintedElement] {
        if part.rank == 0 { return part.printedElements }
        let indices = shownIndices(part.layout.sizes[0], summarizes: true).compactMap { $0 }
        return indices.flatMap { edges(of: part[$0]) }
    }
}

/// An element as it is printed: no `Double` holds every integer.
private enum PrintedElement {
    case truth(Bool)
    case integer(Int)
    case number(Double)

    var number: Double? {
        if case .number(let number) = self { number } else { nil }
    }
}

extension Tensor {
    fileprivate var printedElements: [PrintedElement] {
        switch dtype {
        case .bool: array(of: Bool.self).map { .truth($0) }
        case .uint8, .int8, .int16, .int32, .int64: array(of: Int.self).map { .integer($0) }
        case .float16, .bfloat16, .float32, .float64: array(of: Double.self).map { .number($0) }
        }
    }
}

/// How the elements of one tensor are written, all alike.
private struct ElementFormat {
    /// How floating-point numbers are written.
    private enum Style {
        /// They are all whole: `1.`.
        case whole
        case fixed
        case scientific
    }

    private let style: Style
    private(set) var width = 0

    init(_ elements: [PrintedElement]) {
        let numbers = elements.compactMap(\.number)
        style = Self.floatStyle(numbers)
        // Zeros and what is not finite do not widen the columns of floating-point numbers.
        let measured = elements.filter { $0.number.map { $0.isFinite && $0 != 0 } ?? true }
        width = measured.map { unpadded($0).count }.max() ?? 0
    }

    private static func floatStyle(_ values: [Double]) -> Style {
        let magnitudes = values.filter { $0.isFinite && $0 != 0 }.map(abs)
        guard let smallest = magnitudes.min(), let largest = magnitudes.max() else {
            // Only zeros, or nothing finite to go by.
            return values.contains { $0 == 0 } || values.isEmpty ? .whole : .fixed
        }
        let spreads = largest / smallest > 1000
        if magnitudes.allSatisfy({ $0 == $0.rounded() }) {
            return spreads || largest > 1e8 ? .scientific : .whole
        }
        return spreads || largest > 1e8 || smallest < 1e-4 ? .scientific : .fixed
    }

    func text(_ element: PrintedElement) -> String {
        let text = unpadded(element)
        return String(repeating: " ", count: max(0, width - text.count)) + text
    }

    private func unpadded(_ element: PrintedElement) -> String {
        switch element {
        case .truth(let value): return "\(value)"
        case .integer(let value): return "\(value)"
        case .number(let value):
            guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
            switch style {
            case .whole: return value.fixed(digits: 0) + "."
            case .fixed: return value.fixed(digits: TensorFormatter.precision)
            case .scientific: return value.scientific(digits: TensorFormatter.precision)
            }
        }
    }
}
