import ArgumentParser
import BenchmarkRows
import HeadToHead

struct ListRows: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the rows, group by group; those of a quick run have a star."
    )

    func run() {
        for group in Selection.groups(of: Catalog.rows) {
            print(group)
            for row in Catalog.rows where row.group == group { print("  \(row.name)\(row.quick ? " *" : "")") }
        }
    }
}
