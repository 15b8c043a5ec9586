#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A tensor behind a lock that can be lent for longer than a lock should be held. Whoever wants it while it is lent
/// waits until it is given back.
///
/// Whoever borrows several at once borrows them in the order of their addresses, as all others do, so that no two wait
/// for each other.
///
/// Not generic: it is used across modules, where generic code would look its types up in each call.
///
/// Sendable: the tensor is touched under the lock only.
package final class LendableTensor: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let givenBack: UnsafeMutablePointer<pthread_cond_t>
    /// Nil while it is lent. Exclusivity is not checked again: the lock sees to it.
    @exclusivity(unchecked)
    private var value: Tensor?
    /// How many threads wait for it.
    @exclusivity(unchecked)
    private var waiting = 0

    package init(_ value: consuming Tensor) {
        self.value = value
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        givenBack = .allocate(capacity: 1)
        givenBack.initialize(to: pthread_cond_t())
        let status = max(pthread_mutex_init(mutex, nil), pthread_cond_init(givenBack, nil))
        precondition(status == 0, "a lock could not be made: error \(status)")
    }

    deinit {
        pthread_cond_destroy(givenBack)
        givenBack.deallocate()
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    /// The tensor as it is now.
    package var snapshot: Tensor {
        lock()
        defer { unlock() }
        return value!
    }

    /// Calls `body`, which must be short, with the tensor.
    package func withValue<Failure: Error>(_ body: (inout Tensor) throws(Failure) -> Void) throws(Failure) {
        lock()
        defer { unlock() }
        try body(&value!)
    }

    /// Takes the tensor away, to be given back.
    package func borrow() -> Tensor {
        lock()
        defer { unlock() }
        return value.take()!
    }

    package func giveBack(_ borrowed: consuming Tensor) {
        pthread_mutex_lock(mutex)
        value = consume borrowed
        if waiting > 0 { pthread_cond_broadcast(givenBack) }
        pthread_mutex_unlock(mutex)
    }

    /// Takes the lock while the tensor is here.
    private func lock() {
        pthread_mutex_lock(mutex)
        while value == nil {
            waiting += 1
            pthread_cond_wait(givenBack, mutex)
            waiting -= 1
        }
    }

    private func unlock() { pthread_mutex_unlock(mutex) }
}
