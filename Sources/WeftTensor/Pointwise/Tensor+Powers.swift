import WeftRuntime

extension KernelFamily {
    fileprivate static let pow = KernelFamily("pow")
}

/// Powers, with the values of IEEE 754: 1 where the base is 1 or the exponent 0, NaN where the base is negative and the
/// exponent no whole number. Base and exponent are promoted to one dtype and broadcast.
extension Tensor {
    /// The values to the power of `exponent`. Integers give integers, which wrap; of their negative powers those of 1 and -1
    /// are whole numbers, and the others give 0. Two tensors of truth values are refused.
    public func pow(_ exponent: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let (site, promoted) = (CallSite(file, line), DType.promoted(dtype, exponent.dtype))
        guard promoted.isFloatingPoint else { return .binary(.pow, self, exponent, at: site) }
        return function(.pow, exponent, at: site) { gradient, step in
            let (x, y) = (step[0], step[1])
            step.give(0, `where`(y .== 0, 0.0, gradient * (y * x.pow(y - 1))))
            // 0 to a power from 0 up does not change with it.
            let isFlat = (x .== 0) .& (y .>= 0)
            let logarithm = `where`(isFlat, 1.0, x).log()
            step.give(1, `where`(isFlat, 0.0, gradient * (x.pow(y) * logarithm)))
        }
    }

    /// The values to the power of a number, which takes their dtype unless it needs a wider kind. Squares, roots and
    /// reciprocals are computed as such.
    ///
    /// Refused where both are integers and the exponent is negative.
    public func pow<S: TensorScalar>(_ exponent: S, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        let isInteger = !dtype.isFloatingPoint && !S.tensorDType.isFloatingPoint
        return Call("pow", file, line).checked(standIn: layout.rowMajor, dtype) { call throws(Refusal) in
            try call.require(
                !isInteger || exponent.doubleValue >= 0,
                "an integer to the power of \(exponent) is no integer; convert to a floating-point dtype first"
            )
            switch exponent.doubleValue {
            case 2 where dtype.isFloatingPoint: return square(file: file, line: line)
            case 0.5: return sqrt(file: file, line: line)
            case -0.5: return rsqrt(file: file, line: line)
            case -1: return reciprocal(file: file, line: line)
            default: return pow(Tensor.scalar(exponent, beside: self), file: file, line: line)
            }
        }
    }

    /// The values to the power of `exponent`, computed and given as float64 whatever the dtypes.
    public func floatPower(_ exponent: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
        to(.float64, file: file, line: line).pow(exponent.to(.float64, file: file, line: line), file: file, line: line)
    }
}

/// The number `base` to the power of the elements of `exponent`, whose dtype it takes unless it needs a wider kind.
public func pow<S: TensorScalar>(
    _ base: S,
    _ exponent: Tensor,
    file: StaticString = #fileID,
    line: UInt = #line
) -> Tensor {
    Tensor.scalar(base, beside: exponent).pow(exponent, file: file, line: line)
}
