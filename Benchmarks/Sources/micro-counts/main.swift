// Runs each case that can be counted, between marks that a profiler stops at, and prints in the same order a line for
// each: its name, how many iterations lay between the marks, and how many page faults these took.
//
// Benchmarks/Scripts/instruction-counts runs it twice: under callgrind for instructions and allocations, and by itself
// for page faults.
import CMicroMarks
import MicroCases

for microCase in MicroCase.all {
    guard let iterations = microCase.countedIterations else { continue }
    let iteration = microCase.prepare()
    // What is done once, such as looking up a kernel or mapping memory, is done here.
    for _ in 0..<3 { iteration() }
    let before = micro_page_faults()
    micro_begin()
    for _ in 0..<iterations { iteration() }
    micro_end()
    print(microCase.name, iterations, micro_page_faults() - before)
}
