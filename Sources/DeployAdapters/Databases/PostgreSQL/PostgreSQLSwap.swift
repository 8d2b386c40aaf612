import DeployCore

/// Renames both databases in one transaction, so a run that is killed has done all of it or nothing.
struct PostgreSQLSwap {
    let server: PostgreSQLServer
    let live: String
    let next: String
    let retired: String

    func run() throws(DeployError) {
        let there = try server.databases.exist([live, next, retired])
        guard there.contains(next) else {
            if there.contains(live), there.contains(retired) { return }
            throw refusal("there is no such database")
        }
        guard there.contains(live) else { return try rename([(next, live)]) }
        guard !there.contains(retired) else {
            throw refusal("the name for the old one, \(retired), is taken")
        }
        try rename(
            [(live, retired), (next, live)], after: PostgreSQLRights.adopt(from: live, to: next))
    }

    private func rename(_ renames: [(from: String, to: String)], after rights: String = "")
        throws(DeployError)
    {
        let statements = renames.map { from, to in
            "ALTER DATABASE \(PostgreSQLText.identifier(from)) RENAME TO \(PostgreSQLText.identifier(to));"
        }
        try PostgreSQLEviction(server: server).clearing(
            renames.map(\.from), until: "NOT \(PostgreSQLDatabases.exists(next))", deadline: .seconds(60)
        ) { mark in
            "\(mark)\nBEGIN;\n\(rights)\n\(statements.joined(separator: "\n"))\nCOMMIT;"
        }
    }

    private func refusal(_ why: String) -> DeployError {
        DeployError(
            .stepFailed, what: "Database \(next) cannot become the live one", why: why,
            next: "deployctl status")
    }
}
