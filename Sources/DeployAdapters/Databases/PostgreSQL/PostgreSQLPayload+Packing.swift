import DeployCore

/// Packed by zstd, several times as fast as what pg_dump has built in; older backups are as pg_dump wrote them.
extension PostgreSQLPayload {
    /// By its name, which the manifest has: what a file holds is not asked what it is.
    var isPacked: Bool { path.ends(with: ".zst") }

    /// Compresses its input into the new file.
    var writing: CommandRequest {
        var request = CommandRequest(
            ZstdCommands.packing, deadline: PostgreSQLServer.long, outputLimit: 1 << 14, diesWithParent: true)
        request.outputFile = path
        return request
    }

    /// Lets pg_restore read the dump; the result of what failed, or pg_restore's.
    ///
    /// `most`: bytes that may come out of what is packed, more of which end it; nil where nobody knows. `readingAll`: whether
    /// the unpacking has to come to its end as well, which a look at the contents does not wait for.
    func feed(
        _ arguments: [String], as role: ServerAccess.Role = .admin, atMost most: Int64? = nil,
        outputLimit: Int = 1 << 14, readingAll: Bool
    ) throws(DeployError) -> CommandResult {
        let door = try server.door(role)
        var reading = door.request("pg_restore", arguments, in: PostgreSQLServer.maintenance)
        reading.deadline = PostgreSQLServer.long
        reading.outputLimit = outputLimit
        let result = feed(reading, atMost: most, readingAll)
        return withExtendedLifetime(door) { result }
    }

    private func feed(_ reading: CommandRequest, atMost most: Int64?, _ readingAll: Bool) -> CommandResult {
        guard isPacked else {
            var reading = reading
            reading.inputFile = path
            return server.access.commands.run(reading)
        }
        var unpacking = CommandRequest(
            ZstdCommands.unpacking(path), deadline: PostgreSQLServer.long, outputLimit: 1 << 14,
            diesWithParent: true)
        unpacking.passesAtMost = most
        let (source, sink) = server.access.commands.runPiped(unpacking, into: reading)
        return readingAll && !source.succeeded && !source.wasLeft(by: sink) ? source : sink
    }
}
