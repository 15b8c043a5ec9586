import BenchmarkRows
import Foundation
import HeadToHead
import Testing

/// Workers that are shell scripts, as the smallest programs that can answer, die and hang.
@Suite("Worker")
struct WorkerTests {
    private let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    /// A worker that answers a `run` with a time, hangs at a `check`, and dies at a `drop`.
    private func worker(
        hello: String = #"echo '{"versions": {"shell": "1"}}'"#,
        prepare: String = "echo 'not JSON'"
    ) -> Worker {
        let script = """
            while read -r line; do
              case $line in
              *'"hello"'*) \(hello) ;;
              *'"prepare"'*) \(prepare) ;;
              *'"run"'*) echo "{\\"seconds\\": $SECONDS_EACH}" ;;
              *'"check"'*) sleep 60 ;;
              *'"drop"'*) echo 'the last words' >&2; exit 3 ;;
              *'"measure"'*) echo '{"error": "no such limit"}' ;;
              *) echo 'not JSON' ;;
              esac
            done
            """
        let specification = WorkerSpecification(
            name: "shell",
            command: ["/bin/sh", "-c", script],
            environment: ["SECONDS_EACH": "0.25"],
            clearing: ["WEFT_TEST_CLEARED"],
            genericKernels: Peer.genericKernels,
            folder: scratch.url
        )
        return Worker(specification, threads: 2, logs: scratch.url)
    }

    @Test("a worker starts when first asked, with its environment, and says its versions")
    func starts() throws {
        let worker = worker()
        defer { worker.end() }
        #expect(worker.versions == nil)
        #expect(try worker.ask(Request(.run), timeout: 20).seconds == 0.25)
        #expect(worker.versions == ["shell": "1"])
        #expect(worker.absence == nil)
        worker.settle()
    }

    @Test("a worker that runs kernels for no CPU in particular is absent, and is not called beaten")
    func genericKernels() throws {
        let generic = worker(hello: #"echo '{"versions": {"kernel": "Prescott"}}'"#)
        #expect(throws: ContestantFailure.self) { try generic.ask(Request(.run), timeout: 20) }
        #expect(generic.absence?.contains("generic kernels (Prescott)") == true)
        #expect(!generic.runs(.named("matmul/64")))
        let tuned = worker(hello: #"echo '{"versions": {"kernel": "SapphireRapids"}}'"#)
        defer { tuned.end() }
        #expect(try tuned.ask(Request(.run), timeout: 20).seconds == 0.25)
    }

    @Test("a worker does not see a variable that is cleared")
    func clears() throws {
        setenv("WEFT_TEST_CLEARED", "seen", 1)
        defer { unsetenv("WEFT_TEST_CLEARED") }
        let worker = worker(hello: #"echo "{\"versions\": {\"variable\": \"${WEFT_TEST_CLEARED-none}\"}}""#)
        defer { worker.end() }
        #expect(try worker.ask(Request(.run), timeout: 20).seconds == 0.25)
        #expect(worker.versions == ["variable": "none"])
    }

    @Test("a worker that dies says how, and the next request starts another")
    func dies() throws {
        let worker = worker()
        defer { worker.end() }
        let expected = ContestantFailure("ended with exit status 3: the last words")
        #expect(throws: expected) { try worker.ask(Request(.drop), timeout: 20) }
        #expect(try worker.ask(Request(.run), timeout: 20).seconds == 0.25)
    }

    @Test("a worker that hangs is ended, and the next request starts another")
    func hangs() throws {
        let worker = worker()
        defer { worker.end() }
        let expected = ContestantFailure("no answer within 1 s")
        #expect(throws: expected) { try worker.ask(Request(.check), timeout: 0.2) }
        #expect(try worker.ask(Request(.run), timeout: 20).seconds == 0.25)
    }

    @Test("an answer with an error is a failure, after which the same process goes on")
    func refuses() throws {
        let worker = worker()
        defer { worker.end() }
        #expect(throws: ContestantFailure("no such limit")) { try worker.ask(Request(.measure), timeout: 20) }
        #expect(try worker.ask(Request(.run), timeout: 20).seconds == 0.25)
    }

    @Test("an answer that is no JSON is a failure that quotes it")
    func babbles() throws {
        let worker = worker()
        defer { worker.end() }
        #expect(throws: ContestantFailure("no answer, but: not JSON")) {
            try worker.ask(Request(.prepare), timeout: 20)
        }
    }

    #if os(Linux)
        @Test("what a row takes of memory is that of a new process")
        func memory() throws {
            // A string of some 8 MB.
            let filled = "text=$(head -c 8000000 /dev/zero | tr '\\0' x); echo '{}'"
            let (small, large) = (worker(prepare: "echo '{}'"), worker(prepare: filled))
            let (less, more) = (
                try small.memory(for: .named("memory/gpt"), iterations: 1),
                try large.memory(for: .named("memory/gpt"), iterations: 1)
            )
            #expect(less < 4e6 && more > 7e6)
            #expect(small.versions == nil, "the process that takes turns has not been started")
            #expect(throws: ContestantFailure("no answer, but: not JSON")) {
                try worker().memory(for: .named("memory/gpt"), iterations: 1)
            }
        }
    #endif

    @Test("a worker that cannot start is absent from then on, with the reason")
    func absent() throws {
        let worker = worker(hello: #"echo '{"error": "no module named torch"}'"#)
        #expect(throws: ContestantFailure.self) { try worker.ask(Request(.run), timeout: 20) }
        #expect(worker.absence == "cannot start: no module named torch")
        #expect(!worker.runs(.named("matmul/64")))
        let nobody = Worker(
            WorkerSpecification(name: "nobody", command: ["/nowhere/worker"], folder: scratch.url),
            threads: 1,
            logs: scratch.url
        )
        #expect(throws: ContestantFailure.self) { try nobody.ask(Request(.run), timeout: 20) }
        #expect(nobody.absence?.hasPrefix("cannot start: ") == true)
    }
}
