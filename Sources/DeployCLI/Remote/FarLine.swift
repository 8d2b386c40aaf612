import DeployCore

/// The words of a command line as the far side is to read them.
struct FarLine {
    let invocation: Invocation
    let table: CommandTable

    /// Only where the command was typed do these mean something.
    private static let near: Set<String> = ["host", "project"]

    /// Without the project's folder; `commit` stands for whatever was named to be built, or nil.
    func words(building commit: String?) -> [String] {
        var words = invocation.verb.path
        for flag in table.flags(of: invocation.verb) where invocation.has(flag.key) {
            guard !Self.near.contains(flag.key), flag.key != "ref" || commit == nil else { continue }
            let values = flag.value == .none ? [] : invocation.texts(flag.key)
            words += values.isEmpty ? ["--\(flag.key)"] : values.map { "--\(flag.key)=\($0)" }
        }
        if let commit { words.append("--ref=\(commit)") }
        return invocation.operands.isEmpty ? words : words + ["--"] + invocation.operands
    }
}
