import DeployCore

/// A session of the server's that keeps others from a table, as the server's own views tell of it; never what it asked.
struct LockHolder {
    /// nil where the server does not say which.
    var table: String?
    /// Its number on the server.
    var session: String
    var user: String
    /// What it calls itself; nil where it does not.
    var program: String?
    /// Since when it has what it holds, in seconds; nil where the server does not say.
    var seconds: Int?

    var words: String {
        let place = table.map { "table \(Shown.text($0)) is" } ?? "a table is"
        let name = program.flatMap { $0.isEmpty ? nil : ", \(Shown.text($0))" } ?? ""
        let since = seconds.map { ", for \($0) s" } ?? ""
        return "\(place) held by session \(session) (\(Shown.text(user))\(name))\(since)"
    }

    /// The same failure, naming who held what was waited for; `end`: how a person ends a session of that number.
    static func named(
        _ holders: [LockHolder], in error: DeployError, end: (String) -> String
    ) -> DeployError {
        guard let first = holders.first else { return error }
        let more = holders.count > 1 ? "; and \(holders.count - 1) more" : ""
        return DeployError(
            error.code, what: error.what, why: "\(error.why)\n\(first.words)\(more)",
            next: "let it come to its end, or end it: \(end(first.session)); then run the same command again")
    }
}
