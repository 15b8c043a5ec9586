/// What is wrong with a request.
package struct Mistake: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }
}
