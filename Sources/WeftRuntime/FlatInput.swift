/// An input of a pointwise kernel whose elements lie side by side, in the output's order (a stride of 1), or that has
/// one element for all of the output's (0). It does not keep them alive: whoever runs the kernel does.
package typealias FlatInput = (start: UnsafeMutableRawPointer, stride: Int64)
