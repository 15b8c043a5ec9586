import Weft

/// A model of text as a safetensors file: the weights, and in the metadata what it takes to use them.
struct TextModelFile {
    let model: TextModel
    let alphabet: TextAlphabet

    private static let kind = "text"

    /// Replaces the file at `path`.
    func write(to path: String) throws(CommandFailure) {
        let size = model.size
        let metadata = [
            "model": Self.kind,
            "characters": alphabet.description,
            "context": "\(size.context)",
            "width": "\(size.width)",
            "layers": "\(size.layers)",
            "heads": "\(size.heads)",
        ]
        do {
            try model.save(to: path, metadata: metadata)
        } catch {
            throw .cannotWrite(path, why: "\(error)")
        }
    }
}

extension TextModelFile {
    /// Reads the file at `path`.
    ///
    /// - Throws: `CommandFailure` for anything but a file that `write(to:)` wrote. The memory used follows the file's
    ///   length, whatever its metadata say.
    init(contentsOf path: String) throws(CommandFailure) {
        let file: SafetensorsFile
        do {
            file = try SafetensorsFile(contentsOf: path)
        } catch {
            throw .badData("\(error)")
        }
        let (size, alphabet) = try Self.description(in: file, path: path)
        try Self.check(file.tensors, size, path: path)
        let model = TextModel(size)
        do {
            try model.load(stateDict: file.tensors)
        } catch {
            throw .badData("\(path): \(error)")
        }
        self.init(model: model, alphabet: alphabet)
    }

    private static func description(
        in file: SafetensorsFile,
        path: String
    ) throws(CommandFailure) -> (TextModel.Size, TextAlphabet) {
        guard file.metadata["model"] == kind else {
            throw .badData("\(path) holds no model of text, such as `weft train text` writes")
        }
        func number(_ key: String) throws(CommandFailure) -> Int {
            guard let text = file.metadata[key], let value = Int(text), TextSettings.sizes.contains(value) else {
                let found = file.metadata[key].map { "is \($0.debugDescription)" } ?? "is missing"
                throw .badData("\(path): the metadata's \(key.debugDescription) \(found); a size is wanted")
            }
            return value
        }
        guard let alphabet = file.metadata["characters"].flatMap(TextAlphabet.init) else {
            throw .badData("\(path): the metadata's \"characters\" are not an alphabet")
        }
        let size = TextModel.Size(
            alphabet: alphabet.count,
            context: try number("context"),
            width: try number("width"),
            layers: try number("layers"),
            heads: try number("heads")
        )
        guard size.width.isMultiple(of: size.heads) else {
            throw .badData("\(path): a width of \(size.width) cannot be shared among \(size.heads) heads")
        }
        return (size, alphabet)
    }

    /// Refuses weights of other shapes than `size` says, before a model of that size takes memory.
    private static func check(
        _ tensors: [String: Tensor],
        _ size: TextModel.Size,
        path: String
    ) throws(CommandFailure) {
        guard size.layers <= tensors.count else {
            throw .badData("\(path): there are fewer weights than \(size.layers) layers have")
        }
        for (name, shape) in size.weightShapes {
            guard let found = tensors[name]?.shape else {
                throw .badData("\(path): \(name.debugDescription) is missing")
            }
            guard found == shape else {
                throw .badData("\(path): \(name.debugDescription) has shape \(found); it must be \(shape)")
            }
        }
    }
}

extension TextModel.Size {
    /// The names and shapes of the weights of a model of this size.
    var weightShapes: [(name: String, shape: [Int])] {
        var shapes = [
            ("characters.weight", [alphabet, width]), ("positions.weight", [context, width]),
            ("norm.weight", [width]), ("norm.bias", [width]), ("output.weight", [alphabet, width]),
        ]
        for layer in 0..<layers {
            shapes += [
                ("attention_norm.weight", [width]), ("attention_norm.bias", [width]),
                ("attention.queries_keys_values.weight", [3 * width, width]),
                ("attention.queries_keys_values.bias", [3 * width]),
                ("attention.output.weight", [width, width]), ("attention.output.bias", [width]),
                ("network_norm.weight", [width]), ("network_norm.bias", [width]),
                ("network.0.weight", [4 * width, width]), ("network.0.bias", [4 * width]),
                ("network.2.weight", [width, 4 * width]), ("network.2.bias", [width]),
            ].map { ("blocks.\(layer).\($0)", $1) }
        }
        return shapes
    }
}
