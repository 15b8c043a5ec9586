internal import CKernels

/// How attention is cut, and what its kernels take besides a launch's operands.
package enum AttentionPlan {
    /// Keys of a tile.
    package static let keys = Int(CK_ATTENTION_KEYS)

    /// Queries of a tile.
    package static func queries(_ dtype: DType) -> Int { Int(ck_attention_queries(Int64(dtype.size))) }

    /// The scratch of a thread for vectors of queries and keys, and of values, of these sizes.
    package static func scratchByteCount(_ dtype: DType, features: Int, valueFeatures: Int) -> Int {
        Int(ck_attention_scratch(Int64(dtype.size), Int64(features), Int64(valueFeatures)))
    }

    /// What `integers[2]` of a launch says of masks.
    package static func visibility(mask dtype: DType?, isCausal: Bool) -> Int {
        let kind =
            switch dtype {
            case nil: CK_ATTENTION_UNMASKED
            case .bool: CK_ATTENTION_BOOL_MASK
            default: CK_ATTENTION_ADDED_MASK
            }
        return Int(kind.rawValue) + (isCausal ? 4 : 0)
    }
}

/// The operands of the backward kernel that its launch has no room for. Whoever makes them keeps their memory alive.
package struct AttentionInputs {
    private var raw = ck_attention_inputs()

    /// An operand's first element, nil for none, and its strides.
    package typealias Operand = (start: UnsafeMutableRawPointer?, strides: Extents)

    package init(keys: Operand, values: Operand, out: Operand, logSums: Operand, mask: Operand) {
        func operand(_ place: Operand) -> ck_operand {
            var operand = ck_operand()
            operand.data = place.start
            withUnsafeMutableBytes(of: &operand.strides) { $0.storeBytes(of: place.strides, as: Extents.self) }
            return operand
        }
        raw.keys = operand(keys)
        raw.values = operand(values)
        raw.out = operand(out)
        raw.log_sums = operand(logSums)
        raw.mask = operand(mask)
    }

    /// Runs `body` with `launch`, to which these are appended as its last operand.
    package mutating func appended<R>(to launch: inout Launch, _ body: (inout Launch) -> R) -> R {
        withUnsafeMutablePointer(to: &raw) { raw in
            launch.append(UnsafeMutableRawPointer(raw), strides: Extents(repeating: 0))
            return body(&launch)
        }
    }
}
