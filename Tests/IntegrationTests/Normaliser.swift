import DeployTestSupport
import Foundation

@testable import DeployCore

/// Replaces what differs from run to run; keys, structure and every other word stay.
struct Normaliser {
    let world: QuickstartWorld

    private static let patterns: [(String, String)] = [
        (#"\b[0-9a-f]{64}\b"#, "<sha256>"),
        (#"\b[0-9a-f]{40}\b"#, "<commit>"),
        (#"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"#, "<time>"),
        (#"\b20\d{12}\b"#, "<timestamp>"),
        (#"\b[0-9a-f]{16}\b"#, "<plan>"),
        (#"\b[0-9a-f]{12}\b"#, "<digest>"),
        (#"\b[0-9a-f]{7,8}\b"#, "<commit>"),
        (#"\b(just now|\d+ (s|min) ago)"#, "<age>"),
        (#"\b\d+ MB\b"#, "<n> MB"),
        (#"\b\d+ k?B\b"#, "<n> kB"),
        (#"\b\d+ of 107 bytes"#, "<n> of 107 bytes"),
        (#"\b\d+ bytes"#, "<n> bytes"),
        (#"\b\d+ files"#, "<n> files"),
        (#"\b\d+ looks"#, "<n> looks"),
        (#"\bprocess \d+"#, "process <pid>"),
        (#"\b\d+\.\d+ s\b"#, "<n> s"),
        (#"\babout (\d+ min )?\d+ s\b"#, "about <n> s"),
        (#"\bsince (\d{4}-\d\d-\d\d )?\d\d:\d\d UTC"#, "since <moment>"),
    ]
    private static let numbers: Set = ["seconds", "restore_seconds", "healthy_seconds", "bytes"]

    func text(_ text: String) -> String {
        var result = world.withUsualPorts(text.replacingOccurrences(of: world.folder, with: "<root>"))
        for (pattern, replacement) in Self.patterns {
            result = result.replacingOccurrences(of: pattern, with: replacement, options: .regularExpression)
        }
        return result
    }

    func value(_ value: JSONField, under key: String = "") -> JSONField {
        switch value {
        case .null, .flag: value
        case .number: Self.numbers.contains(key) ? .number(0) : value
        case .text(let words): .text(text(words))
        case .list(let items): .list(items.map { self.value($0, under: key) })
        case .object(let members) where key == "who":
            .object(members.mapValues { _ in .text("<machine>") })
        case .object(let members):
            .object(machine(members.reduce(into: [:]) { $0[$1.key] = self.value($1.value, under: $1.key) }))
        }
    }

    /// What a check of this machine found is this machine's own.
    private func machine(_ members: [String: JSONField]) -> [String: JSONField] {
        guard case .text(let id) = members["id"],
            ["git", "tar", "sync", "curl", "nginx", "user"].contains(id),
            members["measured"] != nil
        else { return members }
        var result = members
        for key in ["measured", "next", "verdict"] { result[key] = .text("<machine>") }
        return result
    }
}
