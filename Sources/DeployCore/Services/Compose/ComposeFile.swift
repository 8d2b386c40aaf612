import FoundationEssentials

/// A Compose file as the engine's own parser resolved it.
struct ComposeFile: Sendable {
    /// As the definition names it, for messages.
    var name: String
    var tree: JSONTree
    /// Names below `volumes:` in the order of the file; the parser sorts them.
    var volumeOrder: [String]
    /// Where what it names may lie.
    var ground: ComposeGround

    func service(_ name: String) -> JSONTree? { tree["services"]?[name] }

    /// - Throws: `.invalidDefinition` when the file has no such service.
    func required(_ service: String) throws(DeployError) -> JSONTree {
        if let found = self.service(service) { return found }
        let known = (tree["services"]?.members.keys.sorted() ?? []).joined(separator: ", ")
        throw DeployError(
            .invalidDefinition, what: "\(name) has no service \(service)",
            why: "known without a profile are \(known)",
            next: "add it there, or remove it from \"services\" of the definition")
    }

    /// The port a service listens on inside its container: the first it exposes, else the first it publishes.
    func containerPort(of service: String) -> Int? {
        let tree = self.service(service)
        let exposed = tree?["expose"]?.items.first.flatMap { item in
            item.integer ?? item.text.flatMap { Int($0.leadingDigits) }
        }
        return exposed ?? tree?["ports"]?.items.first?["target"]?.integer
    }

    /// - Throws: `.invalidDefinition` naming a place in this file.
    func refusal(_ path: String, _ why: String, next: String) -> DeployError {
        DeployError(.invalidDefinition, what: "\(path) of \(name) is refused", why: why, next: next)
    }

    /// The order in which `text` declares these volumes; a single one needs none.
    static func volumeOrder(of names: [String], in text: String) -> [String] {
        let declared = volumeOrder(in: text)
        return names.allSatisfy(declared.contains) || names.count != 1 ? declared : names
    }

    /// Names below the top-level `volumes:` of a Compose file, in its order.
    static func volumeOrder(in text: String) -> [String] {
        var names: [String] = []
        var indent: Int?
        var inside = false
        for line in text.lines {
            let content = Substring(line.utf8.drop { $0 == 0x20 })
            guard !content.isEmpty, !content.begins(with: "#") else { continue }
            let depth = line.utf8.count - content.utf8.count
            if depth == 0 {
                inside = content.begins(with: "volumes:")
                continue
            }
            guard inside, depth == indent ?? depth, let (name, _) = content.cut(at: ":") else { continue }
            indent = depth
            names.append(name.replacing("\"", by: "").replacing("'", by: ""))
        }
        return names
    }
}
