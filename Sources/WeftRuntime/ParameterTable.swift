internal import CKernels

/// The parameters of an optimizer's step, or their gradients, in the form in which one launch carries them all.
package struct ParameterTable {
    private var rows: [ck_parameter] = []
    /// The number of elements of all parameters.
    package private(set) var count = 0

    package init() {}

    package var isEmpty: Bool { rows.isEmpty }

    /// Appends a parameter with `count` elements, whose memory, and that of what goes with it, stays alive and
    /// untouched by others until the launch has run.
    ///
    /// - Parameters:
    ///   - step: the number of this step for this parameter, counted from 1.
    ///   - values: what the kernel changes; nil where it changes nothing.
    ///   - gradient: nil where the kernel reads none.
    ///   - first, second: what the optimizer remembers of it; nil where it remembers less.
    package mutating func append(
        count: Int,
        step: Int = 1,
        values: UnsafeMutableRawPointer? = nil,
        gradient: UnsafeMutableRawPointer? = nil,
        first: UnsafeMutableRawPointer? = nil,
        second: UnsafeMutableRawPointer? = nil
    ) {
        rows.append(
            ck_parameter(
                first_item: Int64(self.count),
                step: Int64(step),
                values: values,
                gradient: UnsafeRawPointer(gradient),
                memories: (first, second)
            )
        )
        self.count += count
    }

    /// Empties the table, keeping its memory for the next step.
    package mutating func removeAll() {
        rows.removeAll(keepingCapacity: true)
        count = 0
    }

    /// Runs one step of all parameters, whose items are their elements. `configure` sets the kernel's attributes, but for
    /// the number of parameters.
    package func launch(
        _ handle: KernelHandle,
        nanosecondsPerItem: Double,
        configure: (inout Launch) -> Void
    ) {
        var launch = Launch(handle, elements: count, nanosecondsPerItem: nanosecondsPerItem)
        run(&launch, configure)
    }

    /// Runs a kernel whose items are parts of `partLength` elements each, numbered through all parameters, and which
    /// writes a float64 for each part to `results`. `configure` sets the kernel's attributes, but for these numbers.
    package func launch(
        _ handle: KernelHandle,
        partLength: Int,
        into results: UnsafeMutableRawPointer,
        nanosecondsPerElement: Double,
        configure: (inout Launch) -> Void
    ) {
        var launch = Launch(
            handle,
            elements: count,
            nanosecondsPerItem: Double(partLength) * nanosecondsPerElement
        )
        launch.items = partCount(partLength)
        launch.chunkMultiple = 1
        launch.append(results, stride: 1)
        launch.setInteger(1, partLength)
        run(&launch, configure)
    }

    /// How many parts of `partLength` elements there are, the last of which may be shorter.
    package func partCount(_ partLength: Int) -> Int { (count + partLength - 1) / partLength }

    private func run(_ launch: inout Launch, _ configure: (inout Launch) -> Void) {
        rows.withUnsafeBufferPointer { rows in
            guard let start = rows.baseAddress else { return }
            launch.append(UnsafeMutableRawPointer(mutating: start), stride: 0)
            launch.setInteger(0, rows.count)
            configure(&launch)
            // A launch without scratch memory cannot run out of it.
            try? Scheduler.run(&launch)
        }
    }
}
