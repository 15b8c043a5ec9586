import BenchmarkRows
import Foundation

/// Standard output, for answers alone: whatever else is printed goes to standard error.
struct AnswerStream {
    private let file: FileHandle

    init() {
        file = FileHandle(fileDescriptor: dup(STDOUT_FILENO))
        dup2(STDERR_FILENO, STDOUT_FILENO)
    }

    func write(_ answer: Answer) {
        do {
            try file.write(contentsOf: JSONEncoder().encode(answer) + Data("\n".utf8))
        } catch {
            // The runner is gone, or an answer cannot be put into words: there is nobody to tell.
            exit(EXIT_FAILURE)
        }
    }
}
