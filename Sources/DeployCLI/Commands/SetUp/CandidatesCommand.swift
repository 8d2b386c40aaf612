import DeployCore

/// What may be typed next, of which only the project knows; completion scripts ask for it.
extension Verb {
    static let candidates = Verb(
        "candidates", .setUp, operands: [.program.repeating], summary: "Print what may be typed next",
        paragraph:
            "The kind of thing, then the words before it; one candidate per line, none where nothing is known.",
        examples: ["deployctl candidates -- service logs staging"],
        body: .inProject(CandidatesCommand.run))
}

struct CandidatesCommand: ProjectCommand {
    let context: CommandContext

    /// Things that a word may name.
    enum Kind: String {
        case service, gate, item, secret, feature, timestamp
    }

    /// Nothing is said of what is wrong: a key was pressed, and no command was typed yet.
    func run() throws(DeployError) -> ExitCode {
        let words = context.invocation.program
        guard let kind = words.first.flatMap(Kind.init(rawValue:)) else { return .done }
        let found = (try? candidates(kind, after: Array(words.dropFirst()))) ?? []
        var seen: Set<String> = []
        for name in found where seen.insert(name).inserted {
            context.streams.output.write("\(InertText.line(name))\n")
        }
        return .done
    }

    private func candidates(_ kind: Kind, after words: [String]) throws(DeployError) -> [String] {
        let environments = environments(among: words)
        switch kind {
        case .service: return environments.flatMap { $0.services.map(\.name) }
        case .gate: return GateOverride.names
        case .item: return environments.flatMap { $0.promotion?.checklist ?? [] }
        case .secret: return environments.flatMap { $0.secretsToSet.keys.sorted() }
        case .feature: return environments.flatMap { $0.features.keys.sorted() }
        case .timestamp:
            var found: [String] = []
            for environment in environments { found += try timestamps(of: environment, words) }
            return found
        }
    }

    /// The one that was typed, or all; a release of one is promoted to another.
    private func environments(among words: [String]) -> [Environment] {
        let names = context.definitions.names()
        let isPromoted = words.contains { $0 == "--release" }
        let typed = isPromoted ? [] : names.filter { name in words.contains { $0 == name } }
        return (typed.isEmpty ? names : typed).compactMap { try? context.definitions.load($0) }
    }

    /// Backups after the word for them, elsewhere releases; newest first.
    private func timestamps(of environment: Environment, _ words: [String]) throws(DeployError) -> [String] {
        if words.contains(where: { $0 == "backup" }) {
            return try context.ports.state.backups(of: environment.name).map { "\($0.timestamp)" }
        }
        let moves = try context.ports.state.releaseMoves(of: environment.name, limit: 100)
        return moves.compactMap { $0.release.map { "\($0)" } }
    }
}
