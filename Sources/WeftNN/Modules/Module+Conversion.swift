public import WeftTensor

extension Module {
    /// Converts all parameters and all floating-point buffers to `dtype`, in place, as `torch.nn.Module.to` does.
    ///
    /// Buffers of integers and truth values stay as they are; gradients are converted with their parameters. An optimizer
    /// goes on with what it remembers, converted when it next steps. Refused unless `dtype` is floating point.
    ///
    /// To be called by the task that trains the module, while no other uses it: a task that reads several parameters
    /// meanwhile may get some of either dtype.
    public func to(_ dtype: DType, file: StaticString = #fileID, line: UInt = #line) {
        guard dtype.isFloatingPoint else {
            return refuse(
                "Module",
                "parameters must be floating point to have gradients; they cannot be converted to \(dtype)",
                at: CallSite(file, line)
            )
        }
        for (_, entry) in ModuleWalk(self).unique {
            switch entry {
            case .parameter(let parameter): parameter.convert(to: dtype)
            case .buffer(let buffer): if buffer.value.dtype.isFloatingPoint { buffer.convert(to: dtype) }
            }
        }
    }

    /// Makes all parameters constants, which get no gradients, until ``unfreeze()``: `requires_grad_(False)` in PyTorch.
    ///
    /// ```swift
    /// model.encoder.freeze()
    /// let optimizer = Adam(model.parameters.filter(\.requiresGrad))
    /// ```
    ///
    /// Gradients that are there stay until they are forgotten, and an optimizer that has the parameters steps by them.
    /// Buffers change as before.
    public func freeze() {
        for parameter in parameters { parameter.requiresGrad = false }
    }

    /// Has gradients computed for all parameters again, after ``freeze()``.
    public func unfreeze() {
        for parameter in parameters { parameter.requiresGrad = true }
    }
}
