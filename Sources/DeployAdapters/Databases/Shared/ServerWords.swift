import DeployCore

/// What a client of a database server said, reduced to the part that is the server's own word.
///
/// Rows and statements that it repeats are never taken for a cause.
struct ServerWords {
    /// MySQL's number of the error; nil for another server's, and where the client says none.
    let number: Int?
    /// Whether it is a refusal to be let in, or the end of a connection, and not of one statement.
    let isFatal: Bool
    /// What the server says, without the client's introduction.
    let words: String

    init(_ complaint: String) {
        let lines = complaint.lines
        isFatal = lines.contains { $0.holds("FATAL:  ") } || !complaint.holds("ERROR:  ")
        number = lines.lazy.compactMap { Self.number(in: String($0)) }.first
        words =
            Self.decisive(lines.map(String.init))
            ?? lines.first { Self.number(in: String($0)) != nil }.map(String.init) ?? complaint
    }

    /// As `ERROR 1045 (28000): …`, and as the program that dumps writes it.
    private static func number(in line: String) -> Int? {
        starts.lazy.compactMap { line.after($0).flatMap { Int($0.leadingDigits) } }.first
    }

    private static let starts =
        ["ERROR "]
        + ["mariadb-dump: ", "mysqldump: "].flatMap { program in
            ["Got error: ", "Error "].map { "\(program)\($0)" }
        }

    /// Of PostgreSQL's words those that name the cause; nil where it says nothing.
    ///
    /// A client that is not let in encrypted comes again without, and the other way round: what is said of the way that
    /// nobody meant is no cause while there is another.
    static func decisive(_ lines: [String]) -> String? {
        let said = lines.compactMap(words)
        return said.first { !$0.holds("pg_hba.conf") } ?? lines.lazy.compactMap(distrust).first ?? said.first
    }

    /// What the client does not like of the way to the server.
    private static func distrust(_ line: String) -> String? {
        guard words(in: line) == nil, let complaint = line.cut(at: " failed: ")?.after else { return nil }
        return ["SSL", "certificate"].contains { complaint.holds($0) } ? String(complaint) : nil
    }

    private static func words(in line: String) -> String? {
        for level in ["FATAL:  ", "ERROR:  "] {
            let parts = line.split(at: level, max: 1, keepsEmpty: true)
            if parts.count == 2 { return String(parts[1]) }
        }
        return nil
    }

    /// What stands between these signs, such as names the server quotes.
    func quoted(by sign: String) -> [String] {
        let parts = words.split(at: sign, keepsEmpty: true).map(String.init)
        return stride(from: 1, to: parts.count, by: 2).map { parts[$0] }
    }
}
