import Foundation

/// The picture of a group, as SVG: a bar for each row from 1 to the ratio to the best peer, on a logarithmic axis,
/// and beside it the share of the machine's limit.
public struct Picture {
    private let group: String
    private let rows: [RowResult]
    /// The smallest and largest ratio of the axis.
    private let range: (low: Double, high: Double)

    /// - Parameter rows: those of the group, from top to bottom.
    public init(group: String, rows: [RowResult]) {
        self.group = group
        self.rows = rows
        let ratios = rows.compactMap(\.bestRatio)
        // Powers of two, with 1 inside and not too close a look at small differences.
        let low = pow(2, floor(log2(min(0.5, ratios.min() ?? 1))))
        let high = pow(2, ceil(log2(max(2, ratios.max() ?? 1))))
        range = (low, high)
    }

    // Columns, in pixels: names at the left, then Weft's times, the bars, and the shares.
    private static let width = 900.0
    private static let names = 20.0
    private static let times = 282.0
    private static let bars = (start: 300.0, end: 605.0)
    private static let shares = (start: 750.0, end: 870.0)
    // Rows.
    private static let top = 104.0
    private static let rowHeight = 22.0
    private static let bottom = 22.0

    private var height: Double { Picture.top + Double(rows.count) * Picture.rowHeight + Picture.bottom }
    private var floorLine: Double { height - Picture.bottom + 4 }

    public var svg: String {
        let size = "\(number(Picture.width)) \(number(height))"
        var parts = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(size)\" width=\"\(number(Picture.width))\" "
                + "height=\"\(number(height))\" role=\"img\" aria-labelledby=\"title\">",
            "<title id=\"title\">\(escape("\(group): \(summary)"))</title>",
            Picture.style,
            "<rect class=\"page\" width=\"100%\" height=\"100%\" rx=\"6\"/>",
            text(group, Picture.names, 30, "title"),
            text(summary, Picture.names, 50, "small"),
        ]
        parts += legend + axes
        for (index, row) in rows.enumerated() {
            parts += draw(row, y: Picture.top + Double(index) * Picture.rowHeight)
        }
        // The line at 1 lies over the bars that start there.
        let one = x(1)
        parts.append(line(one, Picture.top - 6, one, floorLine, "one"))
        parts.append("</svg>")
        return parts.joined(separator: "\n") + "\n"
    }

    private var summary: String {
        let threads = Set(rows.map(\.threads)).sorted().map(String.init).joined(separator: " or ")
        return "The best peer's time over Weft's, \(threads) threads. \(Verdict(of: rows).sentence)"
    }

    /// Where a ratio is.
    private func x(_ ratio: Double) -> Double {
        let share = log2(ratio / range.low) / log2(range.high / range.low)
        return Picture.bars.start + share * (Picture.bars.end - Picture.bars.start)
    }

    private var legend: [String] {
        var x = Picture.bars.start
        var parts: [String] = []
        for (style, label, width) in [("faster", "Weft is faster", 112.0), ("slower", "Weft is slower", 112.0)] {
            parts.append("<rect class=\"\(style)\" x=\"\(number(x))\" y=\"61\" width=\"10\" height=\"10\" rx=\"2\"/>")
            parts.append(text(label, x + 15, 70, "small"))
            x += width
        }
        parts.append(diamond(Picture.shares.start + 5, 66))
        parts.append(text("share of the limit", Picture.shares.start + 15, 70, "small"))
        return parts
    }

    private var axes: [String] {
        var parts: [String] = []
        // At most eight or so marks, all of them powers of the step.
        let octaves = log2(range.high / range.low)
        let step = octaves <= 8 ? 1.0 : (octaves / 8).rounded(.up)
        var exponent = (log2(range.low) / step).rounded(.up) * step
        while exponent <= log2(range.high) + 1e-9 {
            let ratio = pow(2, exponent)
            parts.append(line(x(ratio), Picture.top - 6, x(ratio), floorLine, "grid"))
            parts.append(text(tick(ratio), x(ratio), Picture.top - 12, "small middle"))
            exponent += step
        }
        for percent in [0.0, 50, 100] {
            let at = share(percent / 100)
            parts.append(line(at, Picture.top - 6, at, floorLine, "grid"))
            parts.append(text("\(Int(percent)) %", at, Picture.top - 12, "small middle"))
        }
        return parts
    }

    private func draw(_ row: RowResult, y: Double) -> [String] {
        let middle = y + Picture.rowHeight / 2
        let baseline = middle + 4
        var parts = [text(row.name, Picture.names, baseline, row.weftSeconds == nil ? "muted" : "name")]
        if let reason = row.failure.map({ "failed: \($0)" }) ?? row.missing.map({ "missing: \($0)" }) {
            let style = row.failure == nil ? "muted" : "loss"
            parts.append(backedText(shortened(reason), x(1) + 8, baseline, style))
            return parts
        }
        if let cost = row.weftCost {
            parts.append(text(cost, Picture.times, baseline, "small right"))
        }
        if let ratio = row.bestRatio, let peer = row.bestPeer {
            parts += bar(ratio, spread: row.spreads[peer] ?? 0, label: "\(Format.ratio(ratio)) \(peer)", middle: middle)
        } else {
            parts.append(backedText("no peer measured", x(1) + 8, baseline, "muted"))
        }
        if let fraction = row.limit.fraction {
            // Data that the caches hold goes faster than memory: the mark stays at the end, the number tells.
            let at = share(min(fraction, 1))
            parts.append(line(Picture.shares.start, middle, at, middle, "track"))
            parts.append(diamond(at, middle))
            let description = "\(Format.percent(fraction)) of \(row.limit.kind)"
            parts.append("<g><title>\(escape(description))</title>")
            parts.append(
                fraction > 0.6
                    ? backedText(Format.percent(fraction), at - 9, baseline, "small right")
                    : backedText(Format.percent(fraction), at + 9, baseline, "small")
            )
            parts.append("</g>")
        }
        return parts
    }

    /// The bar of a ratio, half of the rounds within its whisker, and what it says in words.
    private func bar(_ ratio: Double, spread: Double, label: String, middle: Double) -> [String] {
        let (start, end) = (min(x(1), x(ratio)), max(x(1), x(ratio)))
        let isFaster = ratio >= 1
        let box =
            "x=\"\(number(start))\" y=\"\(number(middle - 6))\" width=\"\(number(max(end - start, 1)))\" height=\"12\""
        var parts = ["<rect class=\"\(isFaster ? "faster" : "slower")\" \(box) rx=\"2\"/>"]
        let whisker = (
            low: x(max(ratio * (1 - spread / 2), range.low)), high: x(min(ratio * (1 + spread / 2), range.high))
        )
        if whisker.high - whisker.low > 1 { parts.append(line(whisker.low, middle, whisker.high, middle, "whisker")) }
        // Beside the bar where it ends, or where it starts if it goes to the left.
        let labelStart = max(end, whisker.high) + 7
        parts.append(backedText(label, labelStart, middle + 4, isFaster ? "value" : "loss"))
        return parts
    }

    private func share(_ fraction: Double) -> Double {
        Picture.shares.start + fraction * (Picture.shares.end - Picture.shares.start)
    }

    private func tick(_ ratio: Double) -> String {
        ratio < 1 ? "1/\(Format.significant(1 / ratio, 1))" : "\(Format.significant(ratio, 1))x"
    }

    private func shortened(_ text: String) -> String {
        text.count <= 62 ? text : text.prefix(61) + "…"
    }

    private func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) -> String {
        "<line class=\"\(style)\" x1=\"\(number(x1))\" y1=\"\(number(y1))\" x2=\"\(number(x2))\" y2=\"\(number(y2))\"/>"
    }

    private func text(_ content: String, _ x: Double, _ y: Double, _ style: String) -> String {
        "<text class=\"\(style)\" x=\"\(number(x))\" y=\"\(number(y))\">\(escape(content))</text>"
    }

    /// Text over lines, with some of the ground around it. Not every viewer can paint an outline below its text, so
    /// that the outline is a text of its own.
    private func backedText(_ content: String, _ x: Double, _ y: Double, _ style: String) -> String {
        text(content, x, y, style + " ground") + text(content, x, y, style)
    }

    private func diamond(_ x: Double, _ y: Double) -> String {
        "<path class=\"mark\" d=\"M\(number(x)) \(number(y - 5))l5 5l-5 5l-5 -5z\"/>"
    }

    private func number(_ value: Double) -> String {
        value == value.rounded() ? String(Int(value)) : String(format: "%.1f", value)
    }

    private func escape(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    /// The page has a ground of its own, because a picture cannot tell on which one it is shown.
    private static let style = """
        <style>
        text { font: 12px -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; fill: #1f2328 }
        .title { font-size: 18px; font-weight: 600 }
        .small, .value { font-size: 11px } .small, .muted { fill: #59636e } .muted { font-style: italic }
        .right { text-anchor: end } .middle { text-anchor: middle }
        .value { font-weight: 600 } .loss { font-size: 11px; font-weight: 600; fill: #b1461b }
        .ground { stroke: #ffffff; stroke-width: 4px; stroke-linejoin: round }
        .page { fill: #ffffff } .grid { stroke: #d8dee4 } .one { stroke: #1f2328; stroke-width: 1.5 }
        .faster { fill: #3b7dc4 } .slower { fill: #e0702f } .whisker { stroke: #1f2328; opacity: 0.55 }
        .track { stroke: #8250df; stroke-width: 2; opacity: 0.35 } .mark { fill: #8250df }
        @media (prefers-color-scheme: dark) {
        text { fill: #e6edf3 } .small, .muted { fill: #9198a1 } .loss { fill: #f0955f }
        .ground { stroke: #0d1117 }
        .page { fill: #0d1117 } .grid { stroke: #30363d } .one { stroke: #e6edf3 } .whisker { stroke: #e6edf3 }
        .faster { fill: #4f94dd } .slower { fill: #d9692a } .track { stroke: #b08cf5 } .mark { fill: #b08cf5 }
        }
        </style>
        """
}
