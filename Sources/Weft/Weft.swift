// The umbrella that users import: tensors and their derivatives, modules, files.
@_exported import WeftIO
@_exported import WeftNN
@_spi(Benchmarking) @_exported import WeftTensor
