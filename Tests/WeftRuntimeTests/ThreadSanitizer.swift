import Foundation

#if os(Linux)
    /// Whether this process runs under the thread sanitizer. There Swift's runtime takes a lock whenever a static property
    /// is used, so that the sanitizer sees who made the value; a child forked meanwhile finds that lock taken for ever.
    let isThreadSanitized = dlsym(nil, "__tsan_init") != nil
#endif
