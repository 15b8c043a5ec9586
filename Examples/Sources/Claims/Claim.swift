import Foundation

/// Says that `statement` holds, or ends the program with an error if it does not.
public func claim(_ statement: String, _ holds: Bool) {
    guard holds else {
        FileHandle.standardError.write(Data("this does not hold: \(statement)\n".utf8))
        exit(1)
    }
    print("✓ \(statement)")
}
