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
        var heads: [(name: String, head: AuditHead)] = []
        /// What could not be read, in words.
        var notes: [String] = []
    }

    func read() -> Found {
        var found = Found()
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
                        let head = AuditHead(words[3])
                    else { return nil }
                    return (words[1], head)
                }
            }
        } catch {
            found.notes.append("tags were not looked at: \(error.what): \(error.why)")
        }
        return found
    }
}
