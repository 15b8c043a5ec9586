/// Text from outside, in quotation marks and made fit for an error message: control characters are escaped, and all
/// but the first 80 characters are left out.
func quoted(_ text: String) -> String {
    var shown = text.unicodeScalars.prefix(80).reduce(into: "") { result, scalar in
        let isPlain = scalar.properties.generalCategory != .control && scalar.properties.generalCategory != .format
        result += isPlain && scalar != "\"" && scalar != "\\" ? String(scalar) : scalar.escaped(asASCII: true)
    }
    if text.unicodeScalars.dropFirst(80).first != nil { shown += "…" }
    return "\"\(shown)\""
}
