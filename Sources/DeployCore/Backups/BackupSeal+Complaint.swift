import FoundationEssentials

extension BackupSeal {
    /// Why the program failed, in its own words, without anything of the key it read.
    func complaint(_ result: CommandResult) -> String {
        let said = Redactor(secrets).scrub("\(tool.rawValue) \(result.explanation)")
        return Self.withoutKeys(said)
    }

    /// Every line of the identity but comments, which hold the public half.
    private var secrets: [String] {
        guard tool == .age, let identity, let data = try? files.read(identity, from: 0, limit: 1 << 16)
        else { return [] }
        return String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline)
            .map { $0.trimmed }.filter { !$0.hasPrefix("#") }
    }

    /// A key of another file, too, says by its beginning what it is.
    private static func withoutKeys(_ text: String) -> String {
        text.replacing(/(?i)AGE-(SECRET-KEY|PLUGIN)-[A-Z0-9-]+/, with: "[redacted]")
            .replacing(/(?s)-----BEGIN [A-Z ]*PRIVATE KEY.*/, with: "[redacted]")
    }
}

extension Substring {
    fileprivate var trimmed: String {
        let start = drop(while: \.isWhitespace)
        return String(
            start[..<(start.lastIndex { !$0.isWhitespace }.map(start.index(after:)) ?? start.startIndex)])
    }
}
