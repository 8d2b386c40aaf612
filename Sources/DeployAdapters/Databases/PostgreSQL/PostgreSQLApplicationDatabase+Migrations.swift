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
            throw DeployError(
                .stepFailed, what: "Migration \(migration.name) fails",
                why: plain ? "\(error.why); nothing of it stays" : "\(error.why); part of it may stay",
                next: plain
                    ? "fix the file, commit, and run it again"
                    : PostgreSQLMigrations.interrupted(migration.name).next)
        }
    }

    /// Outside of a transaction psql reads the file, and runs programs for those who write a backslash.
    private func refuseUnreadable(_ migration: MigrationFile, plain: Bool) throws(DeployError) {
        if migration.sql.utf8.contains(0) { throw refusal("it contains a NUL byte") }
        if !plain, migration.sql.utf8.contains(UInt8(ascii: "\\")) {
            throw refusal("without a transaction a file may not contain a backslash")
        }
    }

    private func refusal(_ why: String) -> DeployError {
        DeployError(.stepFailed, what: "The migration cannot run", why: why, next: "remove it from the file")
    }
}
