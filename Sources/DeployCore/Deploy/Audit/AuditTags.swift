/// What the tags of deployments say of the audit log.
struct AuditTags {
    let workspace: Workspace
    let definitions: DefinitionLoader

    init(_ workspace: Workspace, definitions: DefinitionLoader) {
        self.workspace = workspace
        self.definitions = definitions
    }

    /// What stands before the head in a tag's message.
    static let word = "audit "

    struct Found {
        /// `isOurs`: it has this project's mark.
        var heads: [(name: String, head: AuditHead, isOurs: Bool)] = []
        /// What could not be read, in words.
        var notes: [String] = []
    }

    func read() -> Found {
        var found = Found()
        let seal = AuditSeal(files: workspace.ports.files, project: workspace.project)
        do throws(DeployError) {
            let tagged = try definitions.loadAll().filter(\.source.tag)
            let places = tagged.map { workspace.site($0).layout.absolute($0.source.repository) }
            for place in Set(places).sorted() {
                let asked = workspace.ports.commands.run(
                    GitCommands.request(GitCommands(repository: place).deploymentTags))
                guard asked.succeeded else {
                    found.notes.append("tags of \(place) cannot be read: \(asked.explanation)")
                    continue
                }
                found.heads += asked.output.lines.compactMap { line in
                    let words = String(line).split(at: " ").map(String.init)
                    guard words.count == 4, words[0] == "tag", words[2] == "audit",
                        let name = words[1].after("refs/tags/").map(String.init),
                        case let parts = words[3].split(at: "+").map(String.init),
                        let head = parts.first.flatMap({ AuditHead($0) })
                    else { return nil }
                    return (name, head, parts.count == 2 && seal.isOurs(parts[1], head, in: name))
                }
            }
        } catch {
            found.notes.append("tags were not looked at: \(error.what): \(error.why)")
        }
        if !found.heads.isEmpty, !seal.hasKey {
            found.notes.append("there is no audit.key in .deployctl, so no tag bears anything out")
        }
        return found
    }
}
