import DeployCore

/// A dump in PostgreSQL's custom format.
struct PostgreSQLPayload {
    let path: String
    let server: PostgreSQLServer

    /// What its table of contents says.
    struct Contents {
        var numberOfTables: Int
        /// Major version of the server it comes from.
        var server: Int
        /// Major version of the pg_dump that wrote it.
        var writer: Int
    }

    /// Decodes everything: the table of contents alone proves nothing about the data.
    ///
    /// `most`: bytes that may come out of one of an older version, more of which end it; nil where nobody knows.
    func decode(atMost most: Int64? = nil) throws(DeployError) {
        guard let most, !isPacked else {
            return try demand(try feed(["--file=/dev/null"], readingAll: true))
        }
        let result = try server.run("pg_restore", ["--file=-"], deadline: PostgreSQLServer.long) { request in
            request.inputFile = path
            request.outputLimit = 1 << 14
            request.passesAtMost = most
        }
        try demand(result)
    }

    func contents() throws(DeployError) -> Contents {
        let lines = try list()
        let versions = ["Dumped from database version: ", "Dumped by pg_dump version: "].map { label in
            lines.first { $0.contains(label) }.flatMap { line in
                Int(line.split(at: ": ").last?.leadingDigits ?? "")
            }
        }
        guard let server = versions[0], let writer = versions[1] else {
            throw damaged("it does not say which server it comes from")
        }
        return Contents(numberOfTables: lines.count(where: Self.isTableData), server: server, writer: writer)
    }

    /// Its table of contents, a line for each entry.
    func list() throws(DeployError) -> [Substring] { try read(["--list"]).output.lines }

    /// Whether it is like `215; 0 16389 TABLE DATA public item owner`.
    private static func isTableData(_ line: Substring) -> Bool {
        let words = line.split(at: " ", max: 5)
        return words.count == 6 && words[0].ends(with: ";") && words[3] == "TABLE" && words[4] == "DATA"
    }

    /// The encoding and collation of the database it was taken from, as `CREATE DATABASE` takes them.
    func properties() throws(DeployError) -> String {
        let output = try read(["--create", "--schema-only", "--file=-"]).output
        let marker = " WITH TEMPLATE = template0 "
        for line in output.lines where line.begins(with: "CREATE DATABASE ") {
            guard let start = line.split(at: marker, keepsEmpty: true).last,
                start.ends(with: ";"), line.holds(marker)
            else { continue }
            let properties = String(start.dropLast())
            if Self.isHarmless(properties) { return properties }
        }
        throw damaged("it does not say which encoding its database has")
    }

    /// Where one sequence stood when it was dumped.
    func position(of sequence: String, in schema: String) throws(DeployError) -> String {
        let output = try read([
            "--data-only", "--schema=\(schema)", "--table=\(sequence)", "--strict-names", "--file=-",
        ]).output
        let call = "SELECT pg_catalog.setval("
        guard
            let statement = output.split(at: call, keepsEmpty: true).dropFirst().last,
            let arguments = statement.split(at: ");\n").first
        else { throw damaged("it does not say where sequence \(sequence) stands") }
        let words = arguments.split(at: ", ").suffix(2)
        guard words.count == 2, let value = words.first, let isCalled = words.last else {
            throw damaged("it does not say where sequence \(sequence) stands")
        }
        return PostgreSQLSummary.position(String(value), isCalled: String(isCalled))
    }

    /// Words, `=`, and quoted texts; nothing that could end the statement.
    private static func isHarmless(_ properties: String) -> Bool {
        var quoted = false
        for byte in properties.utf8 {
            if byte == UInt8(ascii: "'") { quoted.toggle() }
            let plain =
                (65...90).contains(byte) || (97...122).contains(byte) || (48...57).contains(byte)
                || " =_".utf8.contains(byte)
            guard quoted || plain || byte == UInt8(ascii: "'") else { return false }
        }
        return !quoted
    }

    /// What pg_restore says of the dump's contents.
    func read(_ arguments: [String]) throws(DeployError) -> CommandResult {
        let result = try feed(arguments, outputLimit: 1 << 28, readingAll: false)
        try demand(result)
        return result
    }

    private func demand(_ result: CommandResult) throws(DeployError) {
        guard result.succeeded else { throw damaged(result.complaint) }
    }

    private func damaged(_ why: String) -> DeployError {
        DeployError(
            .backupFailed, what: "The dump \(path) cannot be read", why: why,
            next: MissingProgram.advice(for: why) ?? "use another backup, or make a new one")
    }
}
