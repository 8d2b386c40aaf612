import DeployCLI
import DeployCore
import Foundation

/// Commands in sentences for people, and whether they can be typed.
public enum NextSteps {
    /// Words that go on with the sentence after a command.
    static let prose: Set = [
        "again", "which", "that", "then", "says", "say", "lists", "describes", "for", "and", "with", "to",
        "or", "by", "on",
        "does", "would", "without", "cannot", "itself", "is", "brings", "needs", "until", "in", "of", "from",
        "has", "forgets", "as", "keeps", "did", "<",
    ]

    private static let name = "deployctl "

    /// Programs whose next word is a command of their own, with those of them that a message may name.
    private static let others: [String: Set<String>] = [
        "git": [
            "add", "commit", "stash", "status", "init", "log", "fetch", "push", "pull", "checkout", "switch",
            "branch",
            "config", "clone", "restore", "rm", "tag", "lfs", "submodule", "worktree", "fsck", "replace",
            "remote",
            "update-index", "merge", "rev-parse", "show", "diff", "reset", "clean", "symbolic-ref",
            "update-ref",
        ],
        "docker": [
            "compose", "ps", "info", "system", "volume", "network", "rm", "pull", "images", "image",
            "inspect", "run",
            "login", "start", "stop", "logs", "context", "container", "load", "buildx", "builder", "node",
            "swarm", "exec",
        ],
        "systemctl": [
            "edit", "start", "stop", "status", "restart", "enable", "disable", "daemon-reload",
            "reset-failed", "--user", "mask",
            "unmask",
        ],
        "loginctl": ["enable-linger"],
    ]

    public static func isAccepted(_ words: [String]) -> Bool {
        let parser = ArgumentParser()
        let ends = words.indices.filter { prose.contains(words[$0]) } + [words.count]
        return ends.contains { end in end > 0 && (try? parser.parse(Array(words[..<end]))) != nil }
    }

    /// The words after each `deployctl`, as far as punctuation lets them belong to it.
    ///
    /// With `ofAnyName` also where the first of them is no command's name. `environments`: names that are commands.
    public static func commands(
        in text: String, ofAnyName: Bool = false, environments: Set<String> = ["X"]
    ) -> [[String]] {
        let known = Set(CommandTable.deployctl.verbs.map { $0.path[0] }).union(["deploy"])
        let text = text.replacing(#/"[^"]*"|'[^']*'/#, with: "W")
        return text.components(separatedBy: name).dropFirst().compactMap { rest in
            let words = words(rest)
            guard let first = words.first else { return nil }
            let isEnvironment =
                !known.contains(first) && (environments.contains(first) || first.allSatisfy { $0 == "X" })
            if isEnvironment { return ["staging"] + words.dropFirst() }
            return ofAnyName && !prose.contains(first) || known.contains(first) ? words : nil
        }
    }

    /// What other programs are told to do that they cannot.
    public static func unknown(in text: String) -> [String] {
        text.split(separator: #/[,;:]| or | then | and | && |\n/#).compactMap { clause in
            var words = words(String(clause)).drop { ["run", "then", "or", "and"].contains($0) }
            // What follows is where it is done.
            if words.count > 3, words.dropFirst().first == "-C" {
                words = words.prefix(1) + words.dropFirst(3)
            }
            guard let known = words.first.flatMap({ others[$0] }), let word = words.dropFirst().first,
                !known.contains(word), !prose.contains(word), word != "X"
            else { return nil }
            return words.prefix(2).joined(separator: " ")
        }
    }

    private static func words(_ rest: String) -> [String] {
        let end = rest.firstIndex { ",;:()`'\n&|…".contains($0) } ?? rest.endIndex
        return rest[..<end].split(separator: " ").map {
            $0.hasSuffix(".") ? String($0.dropLast()) : String($0)
        }
    }

    /// What is wrong with the next steps that a run has printed.
    public static func faults(in errors: String, environments: Set<String>) -> [String] {
        var steps: [String] = []
        for line in errors.split(separator: "\n", omittingEmptySubsequences: false) {
            if let next = line.firstMatch(of: #/^ +next: +(.*)$/#) {
                steps.append(String(next.1))
            } else if let last = steps.indices.last, line.hasPrefix(String(repeating: " ", count: 9)) {
                steps[last] += "\n" + line.drop { $0 == " " }
            }
        }
        return steps.flatMap { step in
            if step.isEmpty { return ["a next step says nothing"] }
            let mistaken = commands(in: step, ofAnyName: true, environments: environments)
                .filter { !isAccepted($0) }
                .map { "deployctl \($0.joined(separator: " "))" }
            return (mistaken + unknown(in: step)).map { "next: \(step): \($0) cannot be typed" }
        }
    }
}
