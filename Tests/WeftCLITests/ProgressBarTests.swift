import Synchronization
import Testing

@testable import weft_cli

@Suite struct ProgressBarTests {
    static let progress = TrainingProgress(
        epoch: 3,
        epochs: 40,
        step: 12,
        steps: 45,
        loss: 0.12345,
        accuracy: 0.9876,
        samplesPerSecond: 123_456.7
    )

    @Test(arguments: 0...200)
    func neverReachesTheLastColumn(width: Int) {
        #expect(ProgressBar.line(Self.progress, width: width).count <= max(0, width - 1))
    }

    @Test func showsLossAccuracyAndSpeedWhereThereIsRoom() {
        let line = ProgressBar.line(Self.progress, width: 100)
        #expect(line.hasPrefix("epoch  3/40 █"))
        #expect(line.contains("loss 0.1235"))
        #expect(line.contains("acc  98.8 %"))
        #expect(line.hasSuffix("123,457 samples/s"))
    }

    @Test func dropsFiguresBeforeTheBarWhereThereIsNot() {
        let line = ProgressBar.line(Self.progress, width: 40)
        #expect(line.contains("loss"))
        #expect(!line.contains("samples/s"))
        #expect(!ProgressBar.line(Self.progress, width: 25).contains("loss"))
        #expect(ProgressBar.line(Self.progress, width: 14) == "epoch  3/40")
    }

    @Test func fillsUpFromEmptyToFull() {
        let start = TrainingProgress(epoch: 1, epochs: 2, step: 0, steps: 5)
        let end = TrainingProgress(epoch: 2, epochs: 2, step: 5, steps: 5)
        #expect(!ProgressBar.line(start, width: 80).contains("█"))
        #expect(!ProgressBar.line(end, width: 80).contains("·"))
        #expect(end.fraction == 1)
    }

    @Test func survivesFiguresThatAreNoNumbers() {
        var progress = Self.progress
        progress.loss = .nan
        progress.samplesPerSecond = .infinity
        #expect(ProgressBar.line(progress, width: 100).contains("loss nan"))
    }

    @Test func redrawsOneLineOnATerminal() {
        let output = Mutex("")
        var bar = ProgressBar(console: Console(isInteractive: true, usesColor: false, width: 80)) { text in
            output.withLock { $0 += text }
        }
        bar.update(Self.progress)
        bar.finishPart(Self.progress, line: "")
        bar.finish()
        let text = output.withLock { $0 }
        #expect(text.filter { $0 == "\r" }.count == 2)
        #expect(text.filter { $0 == "\n" }.count == 1)
        #expect(text.hasSuffix("\n"))
    }

    @Test func drawsNoMoreOftenThanATerminalShows() {
        let count = Mutex(0)
        var bar = ProgressBar(console: Console(isInteractive: true, usesColor: false, width: 80)) { _ in
            count.withLock { $0 += 1 }
        }
        let start = ContinuousClock.now
        for millisecond in 0..<100 {
            bar.update(Self.progress, now: start + .milliseconds(millisecond))
        }
        #expect(count.withLock { $0 } == 2)
    }

    @Test func writesALineForEachEpochElsewhere() {
        let output = Mutex("")
        var bar = ProgressBar(console: Console(isInteractive: false, usesColor: false, width: 80)) { text in
            output.withLock { $0 += text }
        }
        bar.update(Self.progress)
        bar.finishPart(Self.progress, line: Self.progress.line(testLoss: 0.25, testAccuracy: 0.5))
        bar.finish()
        #expect(
            output.withLock { $0 }
                == "epoch  3/40  loss 0.1235  accuracy 0.9876  test loss 0.2500  test accuracy 0.5000  "
                + "123,457 samples/s\n"
        )
    }
}
