/// Entries of the tape in a binary heap, the newest on top. Inserting one and taking the newest take time that grows
/// with the logarithm of their number.
struct EntryHeap {
    /// Every entry is newer than those at twice its place plus one and plus two.
    private var entries: [(sequence: UInt64, entry: TapeEntry)] = []

    /// The sequence number of the newest entry.
    var newest: UInt64? { entries.first?.sequence }

    /// Inserts an entry that is not among these.
    mutating func insert(_ entry: TapeEntry) {
        entries.append((entry.sequence, entry))
        var place = entries.count - 1
        while place > 0 {
            let parent = (place - 1) / 2
            if entries[parent].sequence > entries[place].sequence { return }
            entries.swapAt(parent, place)
            place = parent
        }
    }

    mutating func popNewest() -> TapeEntry? {
        guard let last = entries.popLast() else { return nil }
        guard let newest = entries.first else { return last.entry }
        entries[0] = last
        var place = 0
        while true {
            var child = 2 * place + 1
            if child + 1 < entries.count, entries[child + 1].sequence > entries[child].sequence { child += 1 }
            if child >= entries.count || entries[place].sequence > entries[child].sequence { return newest.entry }
            entries.swapAt(place, child)
            place = child
        }
    }
}
