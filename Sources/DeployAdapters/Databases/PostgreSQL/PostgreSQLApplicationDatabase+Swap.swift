import DeployCore

extension PostgreSQLApplicationDatabase {
    /// Renames both databases in one transaction, so a run that is killed has done all of it or nothing.
    public func swap(
        _ live: DatabaseLocation, with next: DatabaseLocation, keeping retired: DatabaseLocation
    ) throws(DeployError) {
        for location in [live, next, retired] { try PostgreSQLText.check(location) }
        let there = try existing([live, next, retired])
        guard there.contains(next) else {
            if there.contains(live), there.contains(retired) { return }
            throw refusal(next, "there is no such database")
        }
        guard there.contains(live) else { return try rename([(next, live)]) }
        guard !there.contains(retired) else {
            throw refusal(next, "the name for the old one, \(retired.name), is taken")
        }
        try rename([(live, retired), (next, live)], adopting: (from: live, to: next))
    }

    /// The server copies files, which nobody may be connected to meanwhile.
    public func copy(_ source: DatabaseLocation, to copy: DatabaseLocation) throws(DeployError) {
        for location in [source, copy] { try PostgreSQLText.check(location) }
        let names = [copy.name, source.name].map(PostgreSQLText.identifier)
        let owner = owner.map { " OWNER \(PostgreSQLText.identifier($0))" } ?? ""
        let done = PostgreSQLScripts.exists(copy.name)
        try clearing([source], until: done, deadline: Self.long) { mark in
            """
            \(mark)
            CREATE DATABASE \(names[0]) TEMPLATE \(names[1])\(owner);
            \(PostgreSQLRights.adopt(from: source.name, to: copy.name))
            """
        }
    }

    private func rename(
        _ renames: [(from: DatabaseLocation, to: DatabaseLocation)],
        adopting: (from: DatabaseLocation, to: DatabaseLocation)? = nil
    ) throws(DeployError) {
        let statements = renames.map { from, to in
            "ALTER DATABASE \(PostgreSQLText.identifier(from.name)) RENAME TO \(PostgreSQLText.identifier(to.name));"
        }
        let rights = adopting.map { PostgreSQLRights.adopt(from: $0.from.name, to: $0.to.name) } ?? ""
        let sources = renames.map(\.from)
        let done = sources.last.map { "NOT \(PostgreSQLScripts.exists($0.name))" } ?? "true"
        try clearing(sources, until: done, deadline: .seconds(60)) { mark in
            "\(mark)\nBEGIN;\n\(rights)\n\(statements.joined(separator: "\n"))\nCOMMIT;"
        }
    }

    /// Does to databases what the server refuses while somebody is connected.
    ///
    /// The server keeps newcomers out as soon as the statement has begun and waits five seconds for the others; a
    /// second session ends those meanwhile, the ones that came in between included.
    private func clearing(
        _ locations: [DatabaseLocation], until done: String, deadline: Duration, _ script: (String) -> String
    ) throws(DeployError) {
        var attempts = 3
        while true {
            let mark = "deployctl \(UInt64.random(in: .min ... .max))"
            let helper = PostgreSQLScripts.keepClear(locations.map(\.name), for: mark, until: done)
            do throws(DeployError) {
                try client.run(
                    script("SET application_name = \(PostgreSQLText.literal(mark));"), while: helper,
                    deadline: deadline)
                return
            } catch {
                attempts -= 1
                guard attempts > 0, error.why.contains("being accessed by other users") else { throw error }
            }
        }
    }

    private func refusal(_ next: DatabaseLocation, _ why: String) -> DeployError {
        DeployError(
            .stepFailed, what: "Database \(next.name) cannot become the live one", why: why,
            next: "deployctl status")
    }
}
