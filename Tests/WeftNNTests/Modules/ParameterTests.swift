import Testing
import WeftNN
import WeftTensor

@Suite struct ParameterTests {
    @Test func isALeafThatRequiresAGradient() {
        let parameter = Parameter(Tensor([1.0, 2.0]))
        #expect(parameter.value.requiresGrad)
        #expect(parameter.value.isLeaf)
        #expect(parameter.value.array() == [1, 2])
        #expect(parameter.grad == nil)
    }

    @Test func isCutOffFromWhatItWasComputedFrom() {
        let source = Tensor([1.0, 2.0], requiresGrad: true)
        let parameter = Parameter(source * 2)
        parameter.value.sum().backward()
        #expect(source.grad == nil)
        #expect(parameter.grad?.array() == [1, 1])
    }

    @Test func gathersGradientsThroughEverySnapshot() {
        let parameter = Parameter(Tensor([1.0, 2.0]))
        let early = parameter.value
        parameter.update { $0 *= 3 }
        (early * 2).sum().backward()
        (parameter.value * 5).sum().backward()
        #expect(parameter.grad?.array() == [7, 7])
    }

    @Test func leavesSnapshotsAloneWhenItChanges() {
        let parameter = Parameter(Tensor([1.0, 2.0]))
        let snapshot = parameter.value
        parameter.update { $0 += 1 }
        #expect(snapshot.array() == [1, 2])
        #expect(parameter.value.array() == [2, 3])
    }

    @Test func keepsItsLeafAndGradientWhenAssigned() {
        let parameter = Parameter(Tensor([1.0, 2.0]))
        parameter.value.sum().backward()
        parameter.value = Tensor([5.0, 6.0])
        #expect(parameter.value.array() == [5, 6])
        #expect(parameter.value.isLeaf && parameter.value.requiresGrad)
        #expect(parameter.grad?.array() == [1, 1])
    }

    @Test func doesNotChangeWithTheTensorThatWasAssigned() {
        let parameter = Parameter(Tensor([1.0, 2.0]))
        var source = Tensor([5.0, 6.0])
        parameter.value = source
        source += 1
        #expect(parameter.value.array() == [5, 6])
    }

    @Test func forgetsItsGradient() {
        let parameter = Parameter(Tensor([1.0]))
        parameter.value.sum().backward()
        parameter.zeroGrad()
        #expect(parameter.grad == nil)
    }

    @Test func takesAGradient() {
        let parameter = Parameter(Tensor([1.0, 2.0]))
        parameter.grad = Tensor([3.0, 4.0])
        parameter.value.sum().backward()
        #expect(parameter.grad?.array() == [4, 5])
        parameter.grad! *= 2
        #expect(parameter.grad?.array() == [8, 10])
        parameter.grad = nil
        #expect(parameter.grad == nil)
    }

    @Test func refusesAGradientOfAnotherShapeOrDType() {
        let parameter = Parameter(Tensor([1.0, 2.0]))
        parameter.grad = Tensor([3.0, 4.0])
        #expect(
            refusal { parameter.grad = Tensor([1.0]) }?.message
                == "a float32 gradient of shape [1] does not fit a float32 tensor of shape [2]"
        )
        #expect(refusal { parameter.grad = Tensor([1, 2]) }?.operation == "grad")
        #expect(parameter.grad?.array() == [3, 4])
    }

    @Test func refusesValuesOfAnotherShapeOrDType() {
        let parameter = Parameter(Tensor([1.0, 2.0]))
        #expect(
            refusal { parameter.value = Tensor([1.0, 2.0, 3.0]) }?.message
                == "values of shape [3] and dtype float32 cannot replace those of shape [2] and dtype float32"
        )
        #expect(refusal { parameter.value = Tensor([1, 2]) }?.operation == "Parameter")
        #expect(refusal { parameter.update { $0 = Tensor([[1.0, 2.0]]) } }?.operation == "Parameter")
        #expect(parameter.value.array() == [1, 2])
    }

    @Test func keepsItsValuesIfAnUpdateFails() {
        struct Interruption: Error {}
        let parameter = Parameter(Tensor([1.0, 2.0]))
        #expect(throws: Interruption.self) {
            try parameter.update { tensor in
                tensor += 1
                throw Interruption()
            }
        }
        #expect(refusal { parameter.update { $0 = matmul($0, $0.reshaped([3, 1])) } } != nil)
        #expect(parameter.value.array() == [1, 2])
    }

    @Test func refusesIntegers() {
        #expect(refusal { _ = Parameter(Tensor([1, 2])) } != nil)
    }

    @Test func losesNoUpdateOfManyTasks() async {
        let parameter = Parameter(Tensor([0.0]))
        await withTaskGroup { group in
            for _ in 0..<100 { group.addTask { parameter.update { $0 += 1 } } }
        }
        #expect(parameter.value.array() == [100])
    }
}
