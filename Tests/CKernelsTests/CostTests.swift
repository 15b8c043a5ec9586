import CKernels
import Testing

/// What the kernel table says of a launch's bytes and operations.
@Suite("What launches move and compute")
struct CostTests {
    @Test("Every kernel's operands are described, in words that can be read")
    func words() throws {
        let word = /(bool|x|[a-z]+(8|16|32|64))(:[0-7]+|[!*@])?[+?]?/
        for raw in 0..<CK_KERNEL_COUNT.rawValue {
            let kernel = ck_kernel(rawValue: raw)
            let name = String(cString: ck_kernel_name(kernel))
            let words = String(cString: ck_kernel_operands(kernel)).split(
                separator: " ",
                omittingEmptySubsequences: false
            )
            #expect((1...Int(CK_MAX_OPERANDS)).contains(words.count), "\(name)")
            for text in words { #expect(try word.wholeMatch(in: text) != nil, "\(name): \(text)") }
        }
    }

    @Test("Elements count once along dimensions that are broadcast")
    func broadcast() {
        let cost = Self.cost(CK_add_f32, [3, 5], [[5, 1], [0, 1], [0, 0]])
        #expect(cost == (4 * (15 + 5 + 1), 15))
    }

    @Test("Each operand has the width of its own type")
    func widths() {
        #expect(Self.cost(CK_lt_i64, [10], [[1], [1], [1]]) == (10 + 80 + 80, 0))
        #expect(Self.cost(CK_where_f32, [10], [[1], [1], [1], [0]]) == (40 + 10 + 40 + 4, 0))
        #expect(Self.cost(CK_to_i64_bool, [10], [[1], [1]]) == (80 + 10, 0))
    }

    @Test("A reduction writes its items and reads the rest")
    func reduction() {
        #expect(Self.cost(CK_sum_f32, [4, 100], [[], [100, 1]], items: 4) == (4 * (4 + 400), 400))
        #expect(Self.cost(CK_argmax_f32, [4, 100], [[], [100, 1]], items: 4) == (8 * 4 + 4 * 400, 400))
    }

    @Test("A matrix product takes two operations for each multiply-add, and reads what it adds to")
    func product() {
        let strides = [[6, 2, 1], [0, 5, 1], [10, 2, 1], [1]]
        // Two products of 3 x 5 by 5 x 2, of one A, with a bias.
        let elements = (c: 2 * 3 * 2, a: 3 * 5, b: 2 * 5 * 2, bias: 2)
        let once = Self.cost(CK_gemm_f32, [2, 3, 2, 5], strides)
        #expect(once == (4 * (elements.c + elements.a + elements.b + elements.bias), 2 * 2 * 3 * 2 * 5))
        let added = Self.cost(CK_gemm_f32, [2, 3, 2, 5], strides, integers: [1])
        #expect(added == (once.0 + 4 * elements.c, once.1))
        let unbiased = Self.cost(CK_gemm_small_f32, [2, 3, 2, 5], strides, missing: [3])
        #expect(unbiased == (once.0 - 4 * elements.bias, once.1))
        #expect(Self.cost(CK_gemm_pack_f32, [2, 5, 3], [[], [15, 3, 1]]) == (2 * 4 * 30, 0))
    }

    @Test("What is changed in place is read and written")
    func inPlace() {
        #expect(Self.cost(CK_index_add_f32, [1, 3, 4], [[0, 4, 1], [0, 4, 1], [0, 1, 0]]) == (4 * 36 + 8 * 3, 12))
    }

    @Test("An optimizer reads gradients, and reads and writes parameters and what it remembers of them")
    func optimizers() {
        for (kernel, memories, operations) in [(CK_sgd_f32, 0, 20), (CK_sgd_f32, 1, 20), (CK_adam_f32, 2, 130)] {
            let somewhere = UnsafeMutableRawPointer(bitPattern: 64)
            let parameter = ck_parameter(
                first_item: 0,
                step: 1,
                values: somewhere,
                gradient: UnsafeRawPointer(somewhere),
                memories: (memories > 0 ? somewhere : nil, memories > 1 ? somewhere : nil)
            )
            withUnsafeBytes(of: parameter) { table in
                var launch = ck_launch()
                launch.rank = 1
                launch.shape.0 = 10
                launch.operand_count = 1
                launch.operands.0.data = UnsafeMutableRawPointer(mutating: table.baseAddress)
                launch.attributes.integers.0 = 1
                let cost = ck_launch_cost(kernel, &launch, 10)
                #expect((cost.bytes, cost.operations) == (Int64(4 * 10 * (3 + 2 * memories)), Int64(operations)))
            }
        }
    }

    @Test("Gradients are read to be measured, and read and written to be clipped")
    func gradients() {
        let somewhere = UnsafeMutableRawPointer(bitPattern: 64)
        let read = ck_parameter(
            first_item: 0,
            step: 1,
            values: nil,
            gradient: UnsafeRawPointer(somewhere),
            memories: (nil, nil)
        )
        let changed = ck_parameter(first_item: 0, step: 1, values: somewhere, gradient: nil, memories: (nil, nil))
        for (kernel, row, operands, bytes, operations) in [
            (CK_segment_squares_f32, read, 2, 4 * 10 + 8, 30), (CK_segment_largest_f16, read, 2, 2 * 10 + 8, 10),
            (CK_segment_scale_f32, changed, 1, 2 * 4 * 10, 10),
        ] as [(ck_kernel, ck_parameter, Int32, Int64, Int64)] {
            withUnsafeBytes(of: row) { table in
                let operand = ck_operand(
                    data: UnsafeMutableRawPointer(mutating: table.baseAddress),
                    strides: (0, 0, 0, 0, 0, 0, 0, 0)
                )
                var launch = ck_launch()
                launch.rank = 1
                launch.shape.0 = 10
                launch.operand_count = operands
                launch.operands.0 = operand
                if operands == 2 { launch.operands.1 = operand }
                launch.attributes.integers.0 = 1
                let cost = ck_launch_cost(kernel, &launch, 1)
                #expect((cost.bytes, cost.operations) == (bytes, operations))
            }
        }
    }

    @Test("Indexed elements count where they are used")
    func indexed() {
        let strides = [[4, 1], [9, 0], [4, 1]]
        #expect(Self.cost(CK_gather_f32, [3, 4], strides, items: 3) == (4 * (12 + 12) + 8 * 12, 0))
        #expect(Self.cost(CK_scatter_add_f32, [3, 4], [[9, 0], [4, 1], [4, 1]], items: 3) == (4 * 36 + 8 * 12, 12))
    }

    @Test("A launch over nothing moves nothing")
    func empty() {
        #expect(Self.cost(CK_add_f32, [0], [[1], [1], [0]]) == (0, 0))
        #expect(Self.cost(CK_sum_f32, [0, 3], [[], [3, 1]], items: 0) == (0, 0))
    }

    @Test("A scalar is one element")
    func scalar() {
        #expect(Self.cost(CK_exp_f32, [], [[], []]) == (8, 21))
    }

    private static func cost(
        _ kernel: ck_kernel,
        _ shape: [Int],
        _ strides: [[Int]],
        items: Int? = nil,
        integers: [Int64] = [],
        missing: Set<Int> = []
    ) -> (Int, Int) {
        var launch = ck_launch()
        launch.rank = Int32(shape.count)
        launch.operand_count = Int32(strides.count)
        func fill<Tuple, Element>(_ tuple: inout Tuple, _ values: [Element]) {
            withUnsafeMutableBytes(of: &tuple) { bytes in
                let slots = bytes.bindMemory(to: Element.self)
                for (index, value) in values.enumerated() { slots[index] = value }
            }
        }
        fill(&launch.shape, shape.map(Int64.init))
        fill(&launch.attributes.integers, integers)
        fill(
            &launch.operands,
            strides.enumerated().map { index, strides in
                var operand = ck_operand()
                operand.data = missing.contains(index) ? nil : UnsafeMutableRawPointer(bitPattern: 64)
                fill(&operand.strides, strides.map(Int64.init))
                return operand
            }
        )
        let cost = ck_launch_cost(kernel, &launch, Int64(items ?? shape.reduce(1, *)))
        return (Int(cost.bytes), Int(cost.operations))
    }
}
