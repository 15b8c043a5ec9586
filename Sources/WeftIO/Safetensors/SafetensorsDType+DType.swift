import WeftTensor

extension SafetensorsDType {
    init(_ dtype: DType) {
        switch dtype {
        case .bool: self = .bool
        case .int64: self = .int64
        case .float32: self = .float32
        }
    }

    var dtype: DType {
        switch self {
        case .bool: .bool
        case .int64: .int64
        case .float32: .float32
        }
    }
}
