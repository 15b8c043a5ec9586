// What a process does until its first result, which the row start/first-result times.
import Weft

let matrix = Tensor(full: [64, 64], 1.0 / 64)
print(matmul(matrix, matrix).sum().item())
