/// What has another meaning in Swift than in Python, or none, between tensors.
extension Tensor {
    @available(*, unavailable, message: "say .==, which compares elements and gives a tensor of truth values")
    public static func == (a: Tensor, b: Tensor) -> Bool { fatalError() }
    @available(*, unavailable, message: "say .==, which compares elements and gives a tensor of truth values")
    public static func == <S: TensorScalar>(a: Tensor, b: S) -> Bool { fatalError() }
    @available(*, unavailable, message: "say .==, which compares elements and gives a tensor of truth values")
    public static func == <S: TensorScalar>(a: S, b: Tensor) -> Bool { fatalError() }
    @available(*, unavailable, message: "say .!=, which compares elements and gives a tensor of truth values")
    public static func != (a: Tensor, b: Tensor) -> Bool { fatalError() }
    @available(*, unavailable, message: "say .!=, which compares elements and gives a tensor of truth values")
    public static func != <S: TensorScalar>(a: Tensor, b: S) -> Bool { fatalError() }
    @available(*, unavailable, message: "say .!=, which compares elements and gives a tensor of truth values")
    public static func != <S: TensorScalar>(a: S, b: Tensor) -> Bool { fatalError() }
    @available(*, unavailable, message: "say .<, which compares elements and gives a tensor of truth values")
    public static func < (a: Tensor, b: Tensor) -> Bool { fatalError() }
    @available(*, unavailable, message: "say .<, which compares elements and gives a tensor of truth values")
    public static func < <S: TensorScalar>(a: Tensor, b: S) -> Bool { fatalError() }
    @available(*, unavailable, message: "say .<, which compares elements and gives a tensor of truth values")
    public static func < <S: TensorScalar>(a: S, b: Tensor) -> Bool { fatalError() }
    @available(*, unavailable, message: "say .<=, which compares elements and gives a tensor of truth values")
    public static func <= (a: Tensor, b: Tensor) -> Bool { fatalError() }
    @available(*, unavailable, message: "say .<=, which compares elements and gives a tensor of truth values")
    public static func <= <S: TensorScalar>(a: Tensor, b: S) -> Bool { fatalError() }
    @available(*, unavailable, message: "say .<=, which compares elements and gives a tensor of truth values")
    public static func <= <S: TensorScalar>(a: S, b: Tensor) -> Bool { fatalError() }
    @available(*, unavailable, message: "say .>, which compares elements and gives a tensor of truth values")
    public static func > (a: Tensor, b: Tensor) -> Bool { fatalError() }
    @available(*, unavailable, message: "say .>, which compares elements and gives a tensor of truth values")
    public static func > <S: TensorScalar>(a: Tensor, b: S) -> Bool { fatalError() }
    @available(*, unavailable, message: "say .>, which compares elements and gives a tensor of truth values")
    public static func > <S: TensorScalar>(a: S, b: Tensor) -> Bool { fatalError() }
    @available(*, unavailable, message: "say .>=, which compares elements and gives a tensor of truth values")
    public static func >= (a: Tensor, b: Tensor) -> Bool { fatalError() }
    @available(*, unavailable, message: "say .>=, which compares elements and gives a tensor of truth values")
    public static func >= <S: TensorScalar>(a: Tensor, b: S) -> Bool { fatalError() }
    @available(*, unavailable, message: "say .>=, which compares elements and gives a tensor of truth values")
    public static func >= <S: TensorScalar>(a: S, b: Tensor) -> Bool { fatalError() }
    @available(*, unavailable, message: "say .& between truth values")
    public static func & (a: Tensor, b: Tensor) -> Tensor { fatalError() }
    @available(*, unavailable, message: "say .| between truth values")
    public static func | (a: Tensor, b: Tensor) -> Tensor { fatalError() }
    @available(*, unavailable, message: "say .! before truth values")
    public static prefix func ! (a: Tensor) -> Tensor { fatalError() }
    @available(*, unavailable, message: "say .! before truth values")
    public static prefix func ~ (a: Tensor) -> Tensor { fatalError() }
}

/// Operands of arithmetic that are neither tensors nor numbers. Without these the compiler tries every other operator
/// that the expression could mean, for seconds.
extension Tensor {
    @available(
        *,
        unavailable,
        message: "beside a tensor stands a tensor or a Swift number; make one of an array with Tensor(_:)"
    )
    public static func + <T>(a: Tensor, b: T) -> Tensor { fatalError() }
    @available(
        *,
        unavailable,
        message: "beside a tensor stands a tensor or a Swift number; make one of an array with Tensor(_:)"
    )
    public static func + <T>(a: T, b: Tensor) -> Tensor { fatalError() }
    @available(
        *,
        unavailable,
        message: "beside a tensor stands a tensor or a Swift number; make one of an array with Tensor(_:)"
    )
    public static func - <T>(a: Tensor, b: T) -> Tensor { fatalError() }
    @available(
        *,
        unavailable,
        message: "beside a tensor stands a tensor or a Swift number; make one of an array with Tensor(_:)"
    )
    public static func - <T>(a: T, b: Tensor) -> Tensor { fatalError() }
    @available(
        *,
        unavailable,
        message: "beside a tensor stands a tensor or a Swift number; make one of an array with Tensor(_:)"
    )
    public static func * <T>(a: Tensor, b: T) -> Tensor { fatalError() }
    @available(
        *,
        unavailable,
        message: "beside a tensor stands a tensor or a Swift number; make one of an array with Tensor(_:)"
    )
    public static func * <T>(a: T, b: Tensor) -> Tensor { fatalError() }
    @available(
        *,
        unavailable,
        message: "beside a tensor stands a tensor or a Swift number; make one of an array with Tensor(_:)"
    )
    public static func / <T>(a: Tensor, b: T) -> Tensor { fatalError() }
    @available(
        *,
        unavailable,
        message: "beside a tensor stands a tensor or a Swift number; make one of an array with Tensor(_:)"
    )
    public static func / <T>(a: T, b: Tensor) -> Tensor { fatalError() }
}
