/// The engine's names of a Compose file's volumes; pure.
struct VolumeNames {
    let unit: ComposeUnit

    private var declared: [String] { unit.file.tree["volumes"]?.members.keys.sorted() ?? [] }
    private var isOnlyOne: Bool {
        unit.mounted(by: unit.environment.composeServices).count == 1
    }

    /// One of the definition's `volumes`: the file's own `name` for it, or the one that ends with its key.
    ///
    /// Where there is one, and services mount one, they belong together. Never by position: a volume that is added would move the others.
    ///
    /// - Throws: `.invalidDefinition` where none of the names, or more than one, belongs to it.
    func name(of key: String) throws(DeployError) -> String {
        let (environment, file) = (unit.environment, unit.file)
        let given = environment.volumes
        if given.isEmpty { return "\(environment.composeProject)_\(key)" }
        if given.count == 1, isOnlyOne { return given[0] }
        if let own = file.tree["volumes"]?[key]?["name"]?.text, given.contains(where: { $0 == own }) {
            return own
        }
        let fitting = given.filter { self.key(of: $0) == key }
        guard fitting.count == 1 else {
            throw file.refusal(
                "volumes.\(Shown.text(key))",
                fitting.isEmpty
                    ? "none of the definition's \"volumes\" belongs to it"
                    : "\(fitting.joined(separator: " and ")) of the definition's \"volumes\" could belong to it",
                next:
                    "give the one that does as \"name\" below volumes.\(Shown.text(key)) of \(file.name), or let its name end with _\(Shown.text(key))"
            )
        }
        return fitting[0]
    }

    /// The longest key that a name is, or ends with after a separator; nil when there is none.
    private func key(of name: String) -> String? {
        declared.filter { key in
            name == key || ["_", "-", "."].contains { name.ends(with: "\($0)\(key)") }
        }.max { $0.utf8.count < $1.utf8.count }
    }
}
