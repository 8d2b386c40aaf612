/// Variables of a Compose file that nothing gives a value: the parser makes them empty, and only says so.
struct BlankVariables {
    /// In order, each once.
    let names: [String]

    /// Those a data service's file may leave blank: it has no release, and its own database is in the definition.
    private static let known = ["DEPLOYCTL_", "DATABASE_", "PORT_"]

    /// `complaint`: what the parser wrote beside the resolved file.
    init(complaint: String) {
        var names: Set<String> = []
        for line in complaint.lines where line.holds("variable is not set") {
            let parts = line.replacing("\\\"", by: "\"").split(at: "\"", keepsEmpty: true)
            for (part, next) in zip(parts, parts.dropFirst()) where next.begins(with: " variable is not set")
            {
                names.insert(String(part))
            }
        }
        self.names = names.filter { name in !Self.known.contains { name.begins(with: $0) } }.sorted()
    }

    /// - Throws: `.invalidDefinition` naming one that a service of the definition, or what all share, depends on.
    ///
    /// `tree`: the file with its variables as written; `text`: its bytes, for the line.
    func refuse(in tree: JSONTree, of file: String, _ environment: Environment, _ text: String = "")
        throws(DeployError)
    {
        var used: [(place: String, tree: JSONTree)] = []
        for service in environment.composeServices {
            used.append(("services.\(service.name)", tree["services"]?[service.name] ?? .null))
        }
        for key in ["volumes", "networks", "secrets", "configs"] { used.append((key, tree[key] ?? .null)) }
        for name in names {
            guard let place = used.first(where: { $0.tree.mentions(name) })?.place else { continue }
            let line = ComposeLines(text).line(naming: name).map { " (line \($0))" } ?? ""
            throw DeployError(
                .invalidDefinition,
                what: "\(place) of \(file) needs variable \(Shown.text(name)), which nothing sets\(line)",
                why: "variables come from the definition alone: no .env is read, and nothing of who deploys",
                next:
                    "add it to \"variables\" of environments/\(environment.name).json, or write ${\(Shown.text(name)):-…} with its value, or ${\(Shown.text(name)):-} where it may be empty; what is secret goes to \"secrets\""
            )
        }
    }
}

extension JSONTree {
    /// Whether a text or a key in it names this variable.
    fileprivate func mentions(_ variable: String) -> Bool {
        switch self {
        case .text(let text): Self.mentions(text, variable)
        case .list(let items): items.contains { $0.mentions(variable) }
        case .object(let members):
            members.contains { Self.mentions($0.key, variable) || $0.value.mentions(variable) }
        default: false
        }
    }

    private static func mentions(_ text: String, _ variable: String) -> Bool {
        text.holds("${\(variable)") || text.holds("$\(variable)")
    }
}
