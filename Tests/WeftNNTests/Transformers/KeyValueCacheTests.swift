import Testing
import WeftNN
import WeftTensor

@Suite struct KeyValueCacheTests {
    private func numbers(_ shape: [Int]) -> Tensor { Tensor(normal: shape, dtype: .float64) }

    @Test func attendsAsTheWholeSequenceWould() {
        withRandomSeed(1) {
            let (q, k, v) = (numbers([2, 4, 40, 6]), numbers([2, 2, 40, 6]), numbers([2, 2, 40, 3]))
            let whole = scaledDotProductAttention(q, k, v, isCausal: true, enableGQA: true).array(of: Double.self)
            // One by one, a prompt and then one by one, and pieces.
            for pieces in [Array(repeating: 1, count: 40), [33, 1, 1, 1, 1, 1, 1, 1], [7, 20, 1, 12]] {
                var cache = KeyValueCache()
                var outputs: [Tensor] = []
                for piece in pieces {
                    let new = cache.count..<cache.count + piece
                    outputs.append(
                        cache.attend(
                            q[.ellipsis, new, 0...],
                            k[.ellipsis, new, 0...],
                            v[.ellipsis, new, 0...],
                            enableGQA: true
                        )
                    )
                }
                #expect(cache.count == 40)
                let found = concatenated(outputs, axis: 2).array(of: Double.self)
                #expect(zip(found, whole).allSatisfy { abs($0 - $1) < 1e-12 })
                #expect(cache.keys!.array(of: Double.self) == k.array(of: Double.self))
                #expect(cache.values!.array(of: Double.self) == v.array(of: Double.self))
            }
        }
    }

    @Test func isAValue() {
        var cache = KeyValueCache()
        #expect(cache.keys == nil && cache.values == nil && cache.count == 0)
        cache.append(Tensor(ones: [1, 2, 3]), Tensor(ones: [1, 2, 3]))
        let copy = cache
        let keys = cache.keys!
        cache.append(Tensor(zeros: [1, 1, 3]), Tensor(zeros: [1, 1, 3]))
        #expect(copy.count == 2 && cache.count == 3)
        #expect(keys.array() == Array(repeating: 1, count: 6) && copy.keys!.array() == keys.array())
        #expect(cache.keys!.array() == Array(repeating: 1, count: 6) + [0, 0, 0])
        cache.keep(first: 1)
        #expect(cache.count == 1 && cache.values!.shape == [1, 1, 3])
    }

    @Test func recordsNothing() {
        var cache = KeyValueCache()
        let x = Tensor(normal: [2, 3, 4], requiresGrad: true)
        #expect(!cache.attend(x * 2, x * 2, x * 2).requiresGrad)
    }

    @Test func refusesWhatDoesNotFitAndKeepsWhatItHas() {
        var cache = KeyValueCache()
        cache.append(Tensor(ones: [2, 1, 4]), Tensor(ones: [2, 1, 3]))
        let error = refusal { cache.append(Tensor(ones: [3, 1, 4]), Tensor(ones: [3, 1, 3])) }
        #expect(error?.operation == "KeyValueCache" && error?.message.contains("[3, 1, 4]") == true)
        #expect(refusal { cache.append(Tensor(ones: [2, 2, 4]), Tensor(ones: [2, 1, 3])) } != nil)
        #expect(
            refusal {
                cache.append(Tensor(ones: [2, 1, 4], dtype: .float64), Tensor(ones: [2, 1, 3], dtype: .float64))
            } != nil
        )
        var shape: [Int] = []
        #expect(
            refusal {
                shape = cache.attend(Tensor(ones: [2, 2, 4]), Tensor(ones: [2, 1, 4]), Tensor(ones: [2, 1, 3])).shape
            } != nil
        )
        #expect(shape == [2, 2, 3] && cache.count == 1)
    }
}
