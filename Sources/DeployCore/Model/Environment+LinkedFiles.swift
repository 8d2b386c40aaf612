extension Environment {
    /// Under which name the secrets of a run hold what a linked file has; no secret of a definition can have it.
    static func linkedFileName(_ path: String) -> String { "\(linkedFilePrefix)\(path)" }

    private static let linkedFilePrefix = "file "

    /// Whether it is the name of a linked file among the secrets of a run.
    static func isLinkedFile(_ name: String) -> Bool { name.begins(with: linkedFilePrefix) }

    /// Paths in the release, in order.
    var linkedPaths: [String] { linkedFiles.keys.sorted() }

    /// Where what linked files hold is found, by isolation subject.
    var linkedSecrets: [String: SecretSource] {
        Dictionary(uniqueKeysWithValues: linkedFiles.map { ("files.\($0.key)", .file($0.value)) })
    }
}
