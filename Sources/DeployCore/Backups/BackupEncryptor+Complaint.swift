import FoundationEssentials

extension BackupEncryptor {
    /// Why the program failed, in its own words, without anything of the key it read.
    func complaint(_ result: CommandResult) -> String {
        let said = Redactor(secrets).scrub("\(tool.rawValue) \(result.explanation)")
        return Self.withoutKeys(said)
    }

    /// Every line of the identity but comments, which hold the public half.
    private var secrets: [String] {
        guard tool == .age, let identity, let data = try? files.read(identity, from: 0, limit: 1 << 16)
        else { return [] }
        return String(decoding: data, as: UTF8.self).lines
            .map { String($0.trimmed) }.filter { !$0.begins(with: "#") }
    }

    /// A key of another file, too, says by its beginning what it is.
    private static func withoutKeys(_ text: String) -> String {
        let key = /(?i)AGE-(SECRET-KEY|PLUGIN)-[A-Z0-9-]+/, block = /(?s)-----BEGIN [A-Z ]*PRIVATE KEY.*/
        return text.replacing(key.matchingSemantics(.unicodeScalar), with: "[redacted]")
            .replacing(block.matchingSemantics(.unicodeScalar), with: "[redacted]")
    }
}
