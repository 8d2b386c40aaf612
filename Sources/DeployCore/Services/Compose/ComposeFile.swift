import FoundationEssentials

/// A Compose file as the engine's own parser resolved it.
struct ComposeFile: Sendable {
    /// As the definition names it, for messages.
    var name: String
    var tree: JSONTree
    /// Where what it names may lie.
    var ground: ComposeGround
    /// The port that the image of a service says it listens on, for services of which the file names none.
    var exposed: [String: Int] = [:]
    /// As it was committed, for the lines that messages name.
    var text = ""

    func service(_ name: String) -> JSONTree? { tree["services"]?[name] }

    /// - Throws: `.invalidDefinition` when the file has no such service.
    func required(_ service: String) throws(DeployError) -> JSONTree {
        if let found = self.service(service) { return found }
        let known = (tree["services"]?.members.keys.sorted() ?? []).joined(separator: ", ")
        throw DeployError(
            .invalidDefinition, what: "\(name) has no service \(service)",
            why: "known are \(known)",
            next: "add it there, or remove it from \"services\" of the definition")
    }

    /// The port a service listens on inside its container: the first it exposes, else the first it publishes, else its
    /// image's only one.
    func containerPort(of service: String) -> Int? {
        let tree = self.service(service)
        let exposed = tree?["expose"]?.items.first.flatMap { item in
            item.integer ?? item.text.flatMap { Int($0.leadingDigits) }
        }
        return exposed ?? tree?["ports"]?.items.first?["target"]?.integer ?? self.exposed[service]
    }

    /// - Throws: `.invalidDefinition` naming a place in this file.
    func refusal(_ path: String, _ why: String, next: String) -> DeployError {
        let line = ComposeLines(text).line(of: path).map { " (line \($0))" } ?? ""
        return DeployError(
            .invalidDefinition, what: "\(path) of \(name) is refused\(line)", why: why, next: next)
    }
}
