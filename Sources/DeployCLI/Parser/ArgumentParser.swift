import DeployCore

/// Reads a command line by the command table.
public struct ArgumentParser: Sendable {
    let table: CommandTable

    public init(table: CommandTable = .deployctl) { self.table = table }

    /// Reads the arguments that follow the program's own name; a wrong line is refused with `.usage`.
    public func parse(_ arguments: [String]) throws(DeployError) -> Invocation {
        let beforeDashes = arguments.prefix { $0 != "--" }
        if beforeDashes.contains(where: { $0 == "--help" || $0 == "-h" }) { return help(arguments) }
        if beforeDashes.contains(where: { $0 == "--version" }) {
            return Invocation(verb: .version, flags: onlyJSON(beforeDashes))
        }
        if arguments.isEmpty { return Invocation(verb: .help) }

        var scan = ArgumentScan(table: table)
        for (offset, argument) in arguments.enumerated() {
            if try scan.take(argument) == .help { return help(Array(arguments.prefix(offset))) }
        }
        let (verb, words, flags) = try scan.result()
        let bound = try OperandBinder(
            verb: verb, environmentByFlag: flags["environment"] != nil, beforeDashes: scan.beforeDashes
        ).bind(words)
        let invocation = Invocation(verb: verb, operands: words, bound: bound, flags: flags)
        try refuseContradictions(in: invocation)
        return invocation
    }

    private func refuseContradictions(in invocation: Invocation) throws(DeployError) {
        for flag in table.flags(of: invocation.verb) where invocation.has(flag.key) {
            guard let broken = flag.rules.first(where: { !$0.isKept(invocation) }) else { continue }
            throw .usage("--\(flag.key) \(broken.demand)", why: broken.why, verb: invocation.verb)
        }
    }

    /// Help about whatever verb the words name, however wrong the rest is.
    private func help(_ arguments: [String]) -> Invocation {
        var topic: [String] = []
        for word in arguments where !word.begins(with: "-") {
            if topic.isEmpty && word == "help" { continue }
            if let verb = table.verb(topic + [word]) {
                topic = verb.path
            } else if table.verbs(below: topic + [word]).isEmpty {
                if table.verb(topic) != nil { break }
            } else {
                topic.append(word)
            }
        }
        return Invocation(verb: .help, operands: topic, bound: [.command: topic])
    }

    private func onlyJSON(_ arguments: ArraySlice<String>) -> [String: String] {
        arguments.contains { $0 == "--json" } ? ["json": ""] : [:]
    }
}

extension DeployError {
    static func usage(_ what: String, why: String, verb: Verb? = nil, next: String? = nil) -> DeployError {
        let help = verb.map { "deployctl help \($0.name)" } ?? "deployctl help"
        return DeployError(.usage, what: what, why: why, next: next ?? help)
    }
}
