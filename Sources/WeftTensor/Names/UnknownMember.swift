public import WeftRuntime

/// What a misspelt member of `Tensor` stands for until the compiler has said so. There is no such value.
///
/// The compiler looks for the meaning of an expression as a whole. A name that it does not find, behind a product of a
/// few factors, makes it try all operators of the standard library for each sign, until it gives up without a word of
/// the name. With this the expression has a meaning, and the name is all that is wrong.
@dynamicCallable
@dynamicMemberLookup
public enum UnknownMember: TensorScalar {
    public func dynamicallyCall(withKeywordArguments arguments: KeyValuePairs<String, Any>) -> Tensor {
        switch self {}
    }

    public subscript(dynamicMember name: String) -> UnknownMember {
        switch self {}
    }
}

/// A scalar, so that arithmetic with a misspelt property has a meaning too. Nothing can call what is here.
extension UnknownMember {
    public typealias Scalar = UnknownMember
    public static var tensorDType: DType { .float32 }
    public var doubleValue: Double { switch self {} }
    public var intValue: Int { switch self {} }
    public static func nearest(to element: Float) -> UnknownMember { neverMade() }
    public static func nearest(to element: Double) -> UnknownMember { neverMade() }
    public static func nearest(to element: Int64) -> UnknownMember { neverMade() }
    private static func neverMade() -> UnknownMember { preconditionFailure("There is no value of UnknownMember") }
}

extension Tensor {
    @available(*, unavailable, message: "Tensor has no member of this name")
    public subscript(dynamicMember name: String) -> UnknownMember { fatalError() }
}
