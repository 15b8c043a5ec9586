package enum FileTransfer {
    /// The most bytes given to one system call; some systems refuse 2 GiB and more.
    package static let largestCall = 1 << 30
}
