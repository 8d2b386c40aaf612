import DeployCore

extension PostgreSQLApplicationDatabase {
    /// The first line of a file that must run outside of a transaction.
    private static let marker = "-- deployctl: no transaction"

    public func appliedMigrations(_ location: DatabaseLocation) throws(DeployError) -> [AppliedMigration] {
        try PostgreSQLText.check(location)
        let findings = try client.answers(
            to: PostgreSQLSummaryScript.begin + PostgreSQLSummaryScript.migrations, in: location.name)
        return try PostgreSQLSummary.migrations(in: findings)
    }

    public func apply(_ migration: MigrationFile, to location: DatabaseLocation) throws(DeployError) {
        try PostgreSQLText.check(location)
        let migrations = PostgreSQLMigrations(client: client, database: location.name)
        let plain = !migration.sql.hasPrefix(Self.marker)
        do throws(DeployError) {
            try refuseUnreadable(migration, plain: plain)
            if plain {
                try migrations.apply(migration)
            } else {
                try migrations.applyWithoutTransaction(migration)
            }
        } catch {
            throw plain ? failure(of: migration, error) : unfinished(migration, error)
        }
    }

    private func failure(of migration: MigrationFile, _ error: DeployError) -> DeployError {
        let place = Self.place(of: error.why, in: migration.sql).map { "\($0): " } ?? ""
        return DeployError(
            .stepFailed, what: "Migration \(migration.name) fails",
            why: "\(place)\(error.why); nothing of it stays", next: "fix the file, commit, and run it again")
    }

    private func unfinished(_ migration: MigrationFile, _ error: DeployError) -> DeployError {
        DeployError(
            .stepFailed, what: "Migration \(migration.name) fails", why: "\(error.why); part of it may stay",
            next: PostgreSQLMigrations.interrupted(migration.name).next)
    }

    /// The line the server means, which counts characters.
    static func place(of reason: String, in sql: String) -> String? {
        let parts = reason.split(separator: " at character ")
        guard parts.count > 1, let end = parts.last, let position = Int(end.prefix { $0.isNumber }) else {
            return nil
        }
        let before = sql.unicodeScalars.prefix(max(position - 1, 0))
        return "line \(before.count { $0 == "\n" } + 1)"
    }

    /// Outside of a transaction psql reads the file, and runs programs for those who write a backslash.
    private func refuseUnreadable(_ migration: MigrationFile, plain: Bool) throws(DeployError) {
        if migration.sql.utf8.contains(0) { throw refusal("it contains a NUL byte") }
        if plain, Self.readsData(migration.sql) {
            throw refusal("COPY from stdin needs a client that sends data; use INSERT")
        }
        if !plain, migration.sql.utf8.contains(UInt8(ascii: "\\")) {
            throw refusal("without a transaction a file may not contain a backslash")
        }
    }

    /// A line that ends data is written by nobody but who has data in the file.
    private static func readsData(_ sql: String) -> Bool {
        sql.split(whereSeparator: \.isNewline).contains { $0 == "\\." }
    }

    private func refusal(_ why: String) -> DeployError {
        DeployError(.stepFailed, what: "The migration cannot run", why: why, next: "remove it from the file")
    }
}
