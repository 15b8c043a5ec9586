#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A value behind a lock that can be lent for longer than a lock should be held. Whoever wants the value while it is
/// lent waits until it is given back.
///
/// Whoever borrows several at once borrows them in the order of their addresses, as all others do, so that no two wait
/// for each other.
///
/// Sendable: the value is touched under the lock only.
package final class Lendable<Value>: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let givenBack: UnsafeMutablePointer<pthread_cond_t>
    /// Nil while it is lent. Exclusivity is not checked again: the lock sees to it.
    @usableFromInline @exclusivity(unchecked)
    package var value: Value?
    /// How many threads wait for it.
    @exclusivity(unchecked)
    private var waiting = 0

    package init(_ value: consuming sending Value) {
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

    /// Calls `body`, which must be short, with the value.
    @inlinable @inline(__always)
    package func withValue<Result, Failure: Error>(
        _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        lock()
        while value == nil { wait() }
        defer { unlock() }
        return try body(&value!)
    }

    /// Takes the value away, to be given back.
    @inlinable @inline(__always)
    package func borrow() -> Value {
        lock()
        while value == nil { wait() }
        defer { unlock() }
        return value.take()!
    }

    @inlinable @inline(__always)
    package func giveBack(_ borrowed: consuming Value) {
        lock()
        value = consume borrowed
        unlockAndWake()
    }

    @usableFromInline
    package func lock() { pthread_mutex_lock(mutex) }

    @usableFromInline
    package func unlock() { pthread_mutex_unlock(mutex) }

    @usableFromInline
    package func unlockAndWake() {
        if waiting > 0 { pthread_cond_broadcast(givenBack) }
        pthread_mutex_unlock(mutex)
    }

    @usableFromInline
    package func wait() {
        waiting += 1
        pthread_cond_wait(givenBack, mutex)
        waiting -= 1
    }
}
