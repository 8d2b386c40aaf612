/// The live database as a rollback meets it.
enum LiveRows {
    case counted(DatabaseSummary)
    /// What goes back needs nothing of it; `sentence` says what is lost with it.
    case unread(UnreadData, sentence: String)
}

extension RollbackSurvey {
    /// Counts the rows of now, where somebody can.
    ///
    /// - Throws: where they are there and only cannot be read at the moment.
    func liveRows() throws(DeployError) -> LiveRows {
        try refusePlainFile()
        guard let database = facts.database, try site.database.exists(database) else { return missing }
        if let unreadable = facts.unreadable { return try damaged(database, unreadable) }
        do throws(DeployError) { return .counted(try site.database.summarise(database)) } catch {
            return try damaged(database, error)
        }
    }

    private var missing: LiveRows {
        let name = facts.database?.name ?? layout.database(.live)?.name ?? ""
        return .unread(
            .missing,
            sentence: "there is no database \(name) any more: what was written to it since the backup can be "
                + "neither counted nor saved, and is lost")
    }

    private func damaged(_ database: DatabaseLocation, _ error: DeployError) throws(DeployError) -> LiveRows {
        guard error.isDamage else { throw error }
        return .unread(
            .damaged,
            sentence:
                "the live database is damaged (\(error.why)): what was written to it since the backup can "
                + "be neither counted nor saved; the damaged \(database.name) stays as it is, beside what is restored"
        )
    }

    /// Where the link to the generation should be, a restore would write over data of which nothing is known.
    private func refusePlainFile() throws(DeployError) {
        guard let link = layout.databaseLink, site.ports.files.kind(of: link) == .file,
            site.ports.files.linkTarget(link) == nil
        else { return }
        throw DeployError(
            .backupFailed, what: "\(link) is a file, and was a link to the database",
            why: "somebody replaced it, and nobody knows what it holds; nothing was changed",
            next:
                "to keep it aside: mv \(ShellText.quoted(link)) \(ShellText.quoted(link + ".aside")), then run it again"
        )
    }
}
