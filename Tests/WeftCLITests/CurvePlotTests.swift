import Foundation
import Testing

@testable import weft_cli

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite struct CurvePlotTests {
    static func plot(_ values: [Double], title: String = "Digits") -> CurvePlot {
        CurvePlot(
            title: title,
            subtitle: "a test",
            panels: [
                CurvePlot.Panel(
                    title: "Loss",
                    unit: .plain,
                    series: [
                        CurvePlot.Series(name: "training", values: values),
                        CurvePlot.Series(name: "test", values: values.map { $0 * 1.1 }),
                    ]
                ),
                CurvePlot.Panel(
                    title: "Accuracy",
                    unit: .share,
                    series: [
                        CurvePlot.Series(name: "training", values: values.map { 1 - $0 / 4 }),
                        CurvePlot.Series(name: "test", values: values.map { 1 - $0 / 5 }),
                    ]
                ),
            ]
        )
    }

    @Test(arguments: [[], [1], [2, 1, 0.5], [0, 0, 0], [.nan, 1], Array(repeating: 0.5, count: 1000)] as [[Double]])
    func isWellFormed(values: [Double]) {
        let svg = Self.plot(values).svg()
        #expect(XMLParser(data: Data(svg.utf8)).parse())
        #expect(!svg.contains("nan") && !svg.contains("inf\""))
    }

    @Test func drawsACurveForEachSeries() {
        let svg = Self.plot([2, 1, 0.5]).svg()
        #expect(svg.ranges(of: "<polyline").count == 4)
        for label in ["Loss", "Accuracy", "accuracy (%)", "epoch", "training", "test", ">90<"] {
            #expect(svg.contains(label))
        }
    }

    @Test func quotesWhatMarkupWouldTakeForItself() {
        let svg = Self.plot([1], title: "a < b & \"c\"").svg()
        #expect(svg.contains("a &lt; b &amp; &quot;c&quot;"))
        #expect(XMLParser(data: Data(svg.utf8)).parse())
    }

    @Test func isTheSameForTheSameCurves() {
        #expect(Self.plot([3, 2, 1]).svg() == Self.plot([3, 2, 1]).svg())
    }
}
