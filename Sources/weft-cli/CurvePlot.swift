/// Line plots of training curves side by side, as an SVG that stands on its own.
struct CurvePlot: Sendable {
    /// One line: a value for each epoch, from epoch 1, or for each of other places.
    struct Series: Sendable {
        var name: String
        var values: [Double]
        /// Where along the horizontal axis the values lie, from 0 on; nil for 1, 2, 3 and so on.
        var places: [Double]?

        /// The points with a finite value.
        fileprivate var points: [(place: Double, value: Double)] {
            zip(places ?? values.indices.map { Double($0 + 1) }, values).filter(\.1.isFinite)
                .map { (place: $0, value: $1) }
        }
    }

    /// One set of axes.
    struct Panel: Sendable {
        enum Unit: Sendable {
            case plain
            /// Shares, shown as percentages; the axis ends at 100 %.
            case share
        }

        var title: String
        var unit: Unit
        var series: [Series]
    }

    var title: String
    var subtitle: String
    /// What the horizontal axis counts.
    var horizontalTitle = "epoch"
    /// Every panel has the same series in the same order, so that one legend serves all.
    var panels: [Panel]

    // MARK: - Layout, in pixels

    private static let panelWidth = 440.0
    private static let panelHeight = 270.0
    private static let leftMargin = 72.0
    private static let rightMargin = 28.0
    private static let topMargin = 112.0
    private static let bottomMargin = 60.0

    /// Blue, orange, green, purple: told apart with the common colour-vision deficiencies too.
    private static let colors = ["#1f6fb4", "#d9680b", "#2b8a4b", "#7b4fa3"]
    private static let inkColor = "#1c2430"
    private static let labelColor = "#5b6675"
    private static let gridColor = "#e6e9ee"
    private static let axisColor = "#9aa4b2"

    private static var slotWidth: Double { leftMargin + panelWidth + rightMargin }

    /// The document. The same curves give the same text.
    func svg() -> String {
        let width = Self.slotWidth * Double(max(1, panels.count))
        let height = Self.topMargin + Self.panelHeight + Self.bottomMargin
        var lines = [
            """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(number(width))" height="\(number(height))" \
            viewBox="0 0 \(number(width)) \(number(height))" role="img" \
            font-family="Helvetica Neue, Helvetica, Arial, sans-serif" font-size="12">
            """,
            "<title>\(escaped(title))</title>",
            "<desc>\(escaped(subtitle))</desc>",
            #"<rect width="100%" height="100%" fill="white"/>"#,
            text(title, x: Self.leftMargin, y: 36, size: 18, color: Self.inkColor, weight: "600"),
            text(subtitle, x: Self.leftMargin, y: 57, size: 12.5, color: Self.labelColor),
        ]
        lines += legend(rightEdge: width - Self.rightMargin)
        for (index, panel) in panels.enumerated() {
            let left = Self.slotWidth * Double(index) + Self.leftMargin
            lines.append(#"<g transform="translate(\#(number(left)) \#(number(Self.topMargin)))">"#)
            lines += drawing(of: panel)
            lines.append("</g>")
        }
        lines.append("</svg>")
        return lines.joined(separator: "\n") + "\n"
    }

    /// Names beside samples of their lines, in the top right corner.
    private func legend(rightEdge: Double) -> [String] {
        var lines: [String] = []
        var x = rightEdge
        for (index, series) in (panels.first?.series ?? []).enumerated().reversed() {
            // Without font metrics the text's width is a guess; it only has to keep neighbours apart.
            let sample = x - Double(series.name.count) * 7 - 32
            lines.append(
                #"<line x1="\#(number(sample))" y1="32" x2="\#(number(sample + 24))" y2="32" "#
                    + #"stroke="\#(color(index))" stroke-width="2.5" stroke-linecap="round"/>"#
            )
            lines.append(text(series.name, x: sample + 32, y: 36, size: 12.5, color: Self.inkColor))
            x = sample - 20
        }
        return lines
    }

    /// A panel with its plotting area's top left corner at the origin.
    private func drawing(of panel: Panel) -> [String] {
        let points = panel.series.flatMap(\.points)
        let values = points.map(\.value)
        // Epochs without a finite value have their place too.
        let end = panel.series.map { $0.places?.max() ?? Double($0.values.count) }.max() ?? 1
        let vertical = AxisScale(containing: values, limit: panel.unit == .share ? 1 : .infinity)
        let horizontal = AxisScale(containing: [0, max(1, end)], maximumTicks: 8, smallestStep: 1)
        let y = { (value: Double) in Self.panelHeight * (1 - vertical.position(of: value)) }
        let x = { (place: Double) in Self.panelWidth * horizontal.position(of: place) }
        let bottom = Self.panelHeight

        var lines = [text(panel.title, x: 0, y: -16, size: 14, color: Self.inkColor, weight: "600")]
        for tick in vertical.ticks {
            lines.append(line(from: (0, y(tick)), to: (Self.panelWidth, y(tick)), color: Self.gridColor))
            let label = tickLabel(tick, on: vertical, unit: panel.unit)
            lines.append(text(label, x: -10, y: y(tick) + 4, color: Self.labelColor, anchor: "end"))
        }
        for tick in horizontal.ticks {
            lines.append(line(from: (x(tick), bottom), to: (x(tick), bottom + 5), color: Self.axisColor))
            lines.append(
                text(
                    fixed(tick, digits: 0),
                    x: x(tick),
                    y: bottom + 20,
                    color: Self.labelColor,
                    anchor: "middle"
                )
            )
        }
        lines.append(line(from: (0, 0), to: (0, bottom), color: Self.axisColor))
        lines.append(line(from: (0, bottom), to: (Self.panelWidth, bottom), color: Self.axisColor))
        lines.append(
            text(horizontalTitle, x: Self.panelWidth / 2, y: bottom + 42, color: Self.labelColor, anchor: "middle")
        )
        lines.append(
            #"<g transform="translate(-54 \#(number(bottom / 2))) rotate(-90)">"#
                + text(axisTitle(of: panel), x: 0, y: 0, color: Self.labelColor, anchor: "middle") + "</g>"
        )
        for (index, series) in panel.series.enumerated() {
            lines += curve(through: series.points.map { (x: x($0.place), y: y($0.value)) }, color: color(index))
        }
        return lines
    }

    private func curve(through points: [(x: Double, y: Double)], color: String) -> [String] {
        guard let last = points.last else { return [] }
        let path = points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
        return [
            #"<polyline points="\#(path)" fill="none" stroke="\#(color)" stroke-width="2" "#
                + #"stroke-linejoin="round" stroke-linecap="round"/>"#,
            #"<circle cx="\#(number(last.x))" cy="\#(number(last.y))" r="3.5" fill="\#(color)" "#
                + #"stroke="white" stroke-width="1.5"/>"#,
        ]
    }

    private func axisTitle(of panel: Panel) -> String {
        panel.title.lowercased() + (panel.unit == .share ? " (%)" : "")
    }

    private func tickLabel(_ tick: Double, on axis: AxisScale, unit: Panel.Unit) -> String {
        switch unit {
        case .plain: fixed(tick, digits: axis.fractionDigits)
        case .share: fixed(tick * 100, digits: max(0, axis.fractionDigits - 2))
        }
    }

    private func color(_ index: Int) -> String {
        Self.colors[index % Self.colors.count]
    }

    // MARK: - Elements

    private func text(
        _ content: String,
        x: Double,
        y: Double,
        size: Double = 12,
        color: String,
        anchor: String = "start",
        weight: String = "400"
    ) -> String {
        #"<text x="\#(number(x))" y="\#(number(y))" font-size="\#(number(size))" font-weight="\#(weight)" "#
            + #"fill="\#(color)" text-anchor="\#(anchor)">\#(escaped(content))</text>"#
    }

    private func line(from start: (Double, Double), to end: (Double, Double), color: String) -> String {
        #"<line x1="\#(number(start.0))" y1="\#(number(start.1))" x2="\#(number(end.0))" y2="\#(number(end.1))" "#
            + #"stroke="\#(color)"/>"#
    }

    /// A coordinate to a hundredth of a pixel, without trailing zeros.
    private func number(_ value: Double) -> String {
        let hundredths = fixed(value == 0 ? 0 : value, digits: 2)
        return String(hundredths.reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed())
    }

    private func escaped(_ content: String) -> String {
        content
            .replacing("&", with: "&amp;")
            .replacing("<", with: "&lt;")
            .replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}
