// What `import Weft` brings: every module's public names under one import.
@_exported import WeftIO
@_exported import WeftNN
@_exported import WeftRuntime
@_exported import WeftTensor
