import Foundation

/// `value` with `digits` digits after the point, in no locale.
func fixed(_ value: Double, digits: Int) -> String {
    String(format: "%.\(digits)f", value)
}

/// `value` as a percentage with `digits` digits after the point.
func percentage(_ value: Double, digits: Int) -> String {
    fixed(value * 100, digits: digits) + " %"
}

/// A count with its thousands set apart: 1,437.
func grouped(_ count: Int) -> String {
    var groups: [String] = []
    var rest = count.magnitude
    while rest >= 1000 {
        groups.append(String(format: "%03d", Int(rest % 1000)))
        rest /= 1000
    }
    groups.append(String(rest))
    return (count < 0 ? "-" : "") + groups.reversed().joined(separator: ",")
}

extension String {
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }

    func leftPadded(to width: Int) -> String {
        String(repeating: " ", count: max(0, width - count)) + self
    }
}
