// Weft's worker: runs workloads for the runner, which speaks to it as to every peer (see Peers/README.md).
import BenchmarkRows
import Foundation

let answers = AnswerStream()
var worker = Worker()
while let line = readLine() {
    answers.write(worker.answer(Data(line.utf8)))
}
