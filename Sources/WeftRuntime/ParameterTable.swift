internal import CKernels

/// The parameters of an optimizer's step, in the form in which one launch carries them all.
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
    ///   - first, second: what the optimizer remembers of it; nil where it remembers less.
    package mutating func append(
        count: Int,
        step: Int,
        values: UnsafeMutableRawPointer,
        gradient: UnsafeMutableRawPointer,
        first: UnsafeMutableRawPointer?,
        second: UnsafeMutableRawPointer?
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

    /// Runs one step of all parameters. `configure` sets the kernel's attributes, but for the number of parameters.
    package func launch(
        _ handle: KernelHandle,
        nanosecondsPerItem: Double,
        configure: (inout Launch) -> Void
    ) {
        rows.withUnsafeBufferPointer { rows in
            guard let start = rows.baseAddress else { return }
            var launch = Launch(handle, elements: count, nanosecondsPerItem: nanosecondsPerItem)
            launch.append(UnsafeMutableRawPointer(mutating: start), stride: 0)
            launch.setInteger(0, rows.count)
            configure(&launch)
            // A launch without scratch memory cannot run out of it.
            try? Scheduler.run(&launch)
        }
    }
}
