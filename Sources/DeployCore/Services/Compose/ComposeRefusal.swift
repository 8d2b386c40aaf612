/// What Compose has against a file, in words that name the file as the project does.
struct ComposeRefusal {
    let result: CommandResult
    /// Relative to the project.
    let name: String

    /// Without the place that the file was read from, which nobody is to edit.
    var words: String {
        let said = CommandResult.repeatable(result.errors).filter { !$0.isBlank }
        return said.isEmpty ? result.explanation : said.suffix(12).map(named).joined(separator: "\n")
    }

    /// Whether it is against the document itself, whatever values its variables get.
    var isOfTheDocument: Bool {
        guard case .exited = result.ending, !result.succeeded else { return false }
        return result.errors.lines.contains { line in
            Self.beginnings.contains { line.begins(with: $0) } || line.begins(with: "services.")
                || line.holds("invalid compose project")
        }
    }

    private static let beginnings = ["validating -: ", "failed to parse -: "]

    private func named(_ line: Substring) -> String {
        for verb in ["validating ", "failed to parse "] {
            guard let (before, after) = line.cut(at: verb), let (_, said) = after.cut(at: ": ") else {
                continue
            }
            return "\(before)\(verb == "validating " ? "" : verb)\(name): \(said.trimmed)"
        }
        return String(line)
    }
}
