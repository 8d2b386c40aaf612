import DeployCore

extension PostgreSQLSummary {
    /// Takes over what the dump says of sequences that moved while it was made.
    ///
    /// A snapshot does not hold a sequence still; one that stood still all the time needs no second look.
    mutating func settle(
        sequencesBefore before: [[String?]], after: [[String?]], in archive: PostgreSQLArchive
    ) throws(DeployError) {
        let still = Set(before).intersection(after)
        for finding in after where !still.contains(finding) {
            guard finding.count == 6, let name = finding[1], let schema = finding[4],
                let sequence = finding[5],
                sequences[name] != nil
            else { continue }
            sequences[name] = try archive.position(of: sequence, in: schema)
        }
    }
}
