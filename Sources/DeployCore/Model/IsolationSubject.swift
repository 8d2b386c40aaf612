/// What two environments of one project must not have in common, unless both list it in `sharedOnPurpose`.
///
/// `url`, `user`, `network`, `runtime` (what the project's own tool is told), `logs`, `backups`, `state`, `sockets`, `tls.key`, `database.server` (host and port),
/// `database.name`, `database.user`, `database.password`, `database.admin.password`, `database.file`, and by name: `ports.http`,
/// `volumes.<volume>`, `shared.<folder>`, `secrets.<NAME>`, `files.<path>`, `grants.<service>` (what it may write).
enum IsolationSubject {
    static let fixed = [
        "url", "user", "network", "runtime", "logs", "backups", "state", "sockets", "tls.key",
        "database.server",
        "database.name",
        "database.user",
        "database.password", "database.admin.password", "database.file",
    ]
    static let prefixes = ["ports.", "volumes.", "shared.", "secrets.", "files.", "grants."]

    static var names: [String] { fixed + prefixes.map { "\($0)<name>" } }
    static var summary: String { "Subjects: \(names.joined(separator: ", "))." }

    static var pattern: String {
        let fixed = fixed.map { $0.split(at: ".").joined(separator: "\\.") }.joined(separator: "|")
        let prefixes = prefixes.map { $0.dropLast() }.joined(separator: "|")
        return "^(\(fixed)|(\(prefixes))\\..+)$"
    }

    @Sendable static func isKnown(_ text: String) -> Bool {
        fixed.contains(text)
            || prefixes.contains { text.begins(with: $0) && text.utf8.count > $0.utf8.count }
                && text.unicodeScalars.allSatisfy(Shown.isVisible)
    }
}
