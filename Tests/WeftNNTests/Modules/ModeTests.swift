import Testing
import WeftNN

@Suite struct ModeTests {
    @Test func isTrainingUnlessSaidOtherwise() {
        #expect(Mode.current == .training)
    }

    @Test func lastsAsLongAsTheBody() {
        withMode(.evaluation) {
            #expect(Mode.current == .evaluation)
            withMode(.training) { #expect(Mode.current == .training) }
            #expect(Mode.current == .evaluation)
        }
        #expect(Mode.current == .training)
    }

    @Test func endsWithAnErrorToo() {
        struct Interruption: Error {}
        #expect(throws: Interruption.self) {
            try withMode(.evaluation) { throw Interruption() }
        }
        #expect(Mode.current == .training)
    }

    @Test func reachesChildTasksAndNoOthers() async {
        let modes = await withMode(.evaluation) {
            async let child = Mode.current
            let other = Task.detached { Mode.current }
            return (await child, await other.value, Mode.current)
        }
        #expect(modes == (.evaluation, .training, .evaluation))
    }

    @Test func doesNotLeakBetweenConcurrentTasks() async {
        let agreed = await withTaskGroup { group in
            for index in 0..<64 {
                let mode: Mode = index.isMultiple(of: 2) ? .training : .evaluation
                group.addTask {
                    await withMode(mode) {
                        for _ in 0..<10 { await Task.yield() }
                        return Mode.current == mode
                    }
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(agreed == 64)
    }
}
