import WeftTensor

extension SafetensorsDType {
    init(_ dtype: DType) {
        switch dtype {
        case .bool: self = .bool
        case .int64: self = .int64
        case .float16: self = .float16
        case .bfloat16: self = .bfloat16
        case .float32: self = .float32
        case .float64: self = .float64
        }
    }

    var dtype: DType {
        switch self {
        case .bool: .bool
        case .int64: .int64
        case .float16: .float16
        case .bfloat16: .bfloat16
        case .float32: .float32
        case .float64: .float64
        }
    }
}
