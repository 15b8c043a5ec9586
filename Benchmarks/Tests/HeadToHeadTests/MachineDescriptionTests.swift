import HeadToHead
import Testing

@Suite("MachineDescription")
struct MachineDescriptionTests {
    @Test("the CPU has its name, family and model")
    func cpu() {
        let text =
            "processor\t: 0\ncpu family\t: 25\nmodel\t\t: 17\nmodel name\t: Some CPU\n\nprocessor\t: 1\nmodel name\t: Other\n"
        #expect(MachineDescription.cpu(inProcessors: text) == "Some CPU (family 25, model 17)")
        #expect(MachineDescription.cpu(inProcessors: "model name\t: Some CPU\n") == "Some CPU")
        #expect(MachineDescription.cpu(inProcessors: "") == nil)
    }

    @Test("a setting's choice is the word in brackets")
    func chosen() {
        #expect(MachineDescription.chosen(in: "always [madvise] never\n") == "madvise")
        #expect(MachineDescription.chosen(in: "nonsense") == nil)
    }

    #if os(Linux)
        @Test("a thread's state is found behind a name that holds parentheses and spaces")
        func state() {
            #expect(Quiescence.state(inStat: "12 (a) R (b) S 1 2 3") == "S")
            #expect(Quiescence.state(inStat: "12 (worker) R 1 2 3") == "R")
            #expect(Quiescence.state(inStat: "") == nil)
        }
    #endif
}
