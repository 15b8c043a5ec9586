/// The characters that a model of text knows, and their numbers.
///
/// A character is a Unicode scalar rather than a `Character`: what belongs to a grapheme changes with Unicode's versions,
/// and there are as many graphemes as one likes, but scalars are the same everywhere, each text is one sequence of them,
/// and every sequence of them is a text. So an emoji of several scalars is learned as several characters.
struct TextAlphabet: Equatable, Sendable {
    /// In ascending order; a character's number is its place.
    let characters: [Unicode.Scalar]
    private let numbers: [Unicode.Scalar: Int32]

    /// The characters that `text` has.
    init(of text: String.UnicodeScalarView) {
        self.init(sorted: Set(text).sorted())
    }

    /// The alphabet that `description` gives, or nil if it does not say each character once and in order.
    init?(_ description: String) {
        let characters = Array(description.unicodeScalars)
        guard !characters.isEmpty, zip(characters, characters.dropFirst()).allSatisfy({ $0 < $1 }) else { return nil }
        self.init(sorted: characters)
    }

    private init(sorted characters: [Unicode.Scalar]) {
        self.characters = characters
        numbers = Dictionary(uniqueKeysWithValues: zip(characters, 0...))
    }

    var count: Int { characters.count }

    /// All characters, in order.
    var description: String { text(characters.indices) }

    /// The character that a text without a beginning begins after: the end of a line, where the alphabet has it.
    var opening: Int32 { numbers["\n"] ?? numbers[" "] ?? 0 }

    /// The numbers of the characters of `text`, all of which the alphabet has.
    func numbers(ofKnown text: String.UnicodeScalarView) -> [Int32] {
        text.map { numbers[$0, default: 0] }
    }

    /// The numbers of the characters of `prompt`.
    ///
    /// - Throws: `CommandFailure` that names the characters that the model has never seen.
    func numbers(of prompt: String) throws(CommandFailure) -> [Int32] {
        let unknown = Set(prompt.unicodeScalars).filter { numbers[$0] == nil }.sorted()
        guard unknown.isEmpty else {
            let names = unknown.prefix(8).map { "\(String($0).debugDescription)" }.joined(separator: ", ")
            throw .usage(
                "the prompt has characters that the model has never seen: \(names)\(unknown.count > 8 ? ", …" : "")"
            )
        }
        return numbers(ofKnown: prompt.unicodeScalars)
    }

    /// The text that `numbers`, which must be places in the alphabet, stand for.
    func text(_ numbers: some Sequence<some BinaryInteger>) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: numbers.map { characters[Int($0)] })
        return String(text)
    }
}
