import Foundation

#if os(Linux)
    /// Whether this process runs under the thread sanitizer, where some of what a forked child may do is out of reach:
    ///
    /// - Swift's runtime takes a lock whenever a static property is used, so that the sanitizer sees who made the value. A
    ///   child forked meanwhile finds that lock taken for ever.
    /// - libarcher, which tells the sanitizer how OpenMP synchronises, crashes in a child that exits.
    let isThreadSanitized = dlsym(nil, "__tsan_init") != nil
#endif
