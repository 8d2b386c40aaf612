import DeployCore

/// What to do about a refusal of PostgreSQL's, mostly a line to type.
struct PostgreSQLAdvice {
    let access: ServerAccess
    /// As whom the client came; nil where that is not known.
    let role: ServerAccess.Role?
    let said: ServerWords

    /// nil where the cause is what was asked, or is not known.
    var text: String? { account ?? rights ?? state }

    private var words: String { said.words }
    private var name: String { said.quoted(by: "\"").first ?? "" }

    private var account: String? {
        guard said.isFatal else { return nil }
        let make = "createuser --pwprompt \(ShellText.quoted(name))"
        if words.begins(with: "role \"") {
            if words.holds("\" does not exist") { return "\(Self.asAdministrator)\(make)" }
            if words.holds("not permitted to log in") { return alter(name, "LOGIN") }
        }
        if words.begins(with: "password authentication failed") {
            // The server says the same of a role that is not there, so that nobody can find out names.
            return ServerAdvice.password(of: access.role(of: name), access)
                + "; where the role is gone, \(Self.asAdministrator)\(make)"
        }
        return door
    }

    /// What is wrong before anybody's password is asked for.
    private var door: String? {
        let (file, reload) = ("the server's pg_hba.conf", "then SELECT pg_reload_conf()")
        if words.begins(with: "no pg_hba.conf entry") {
            return words.holds("no encryption")
                ? "the server may want TLS, which it has to offer itself (ssl = on), or let this machine in without: a line with host in its pg_hba.conf, \(reload)"
                : "let this machine in: a line in \(file), \(reload)"
        }
        if words.begins(with: "pg_hba.conf rejects") {
            return "let this machine in: a line above the one with reject in \(file), \(reload)"
        }
        if words.holds("client certificate") {
            return
                "take clientcert out of the line in \(file), \(reload), or give who runs deployctl a certificate in ~/.postgresql/postgresql.crt and .key"
        }
        if words.holds("does not match host name") {
            return "let database.host be a name that stands in the server's certificate"
        }
        return words.holds("certificate")
            ? "the server's certificate is not one of those in ~/.postgresql/root.crt of who runs deployctl: add its authority's, or remove that file"
            : nil
    }

    private var rights: String? {
        let admin = access.user() ?? ""
        if words.begins(with: "permission denied to create database") { return alter(admin, "CREATEDB") }
        if words.begins(with: "must be member of role") || words.begins(with: "must be able to SET ROLE") {
            return Self.grant(name, to: admin)
        }
        if words.begins(with: "permission denied for database") {
            return Self.psql("GRANT CONNECT ON DATABASE \(PostgreSQLText.identifier(name)) TO PUBLIC")
        }
        // Whoever is a member of the owner may do what the owner may.
        let isForeign = ["permission denied for ", "must be owner of "].contains { words.begins(with: $0) }
        guard isForeign, role == .admin, access.definition?.admin != nil,
            let owner = access.user(.application), owner != admin
        else { return nil }
        return Self.grant(owner, to: admin)
    }

    private var state: String? {
        let closing = [
            "terminating connection", "the database system is ", "server closed the connection",
            "connection to server was lost", "could not receive data from server",
        ]
        if closing.contains(where: words.holds) {
            return
                "the server went away meanwhile: see that it runs (its own log says why it ended), then run the same command again"
        }
        if words.holds("too many connections for role") {
            return
                "end connections of \(name) that nobody needs, or raise its limit: \(Self.psql("ALTER ROLE \(PostgreSQLText.identifier(name)) CONNECTION LIMIT -1"))"
        }
        if words.holds("too many clients") || words.holds("too many connections")
            || words.holds("remaining connection slots")
        {
            return
                "as the server's superuser, for whom some are kept, end connections that nobody needs (SELECT * FROM pg_stat_activity) or raise max_connections, then run the same command again"
        }
        if words.holds("read-only transaction") || words.holds("recovery is in progress") {
            return Self.otherServer
        }
        return words.holds("No space left on device") || words.holds("Disk quota exceeded")
            ? "make room where the server keeps its data, then run the same command again" : nil
    }

    static let otherServer =
        "let database.host and database.port name the server that takes writes, or, where this is the one: \(psql("ALTER SYSTEM RESET default_transaction_read_only")), then SELECT pg_reload_conf()"

    static func grant(_ role: String, to member: String) -> String {
        psql(PostgreSQLGrants.membership(in: role, for: member))
    }

    static func alter(_ role: String, _ right: String) -> String {
        psql(PostgreSQLGrants.alter(role, right))
    }

    private func alter(_ role: String, _ right: String) -> String { Self.alter(role, right) }

    static func psql(_ sql: String) -> String { "\(asAdministrator)psql -c \(ShellText.quoted(sql))" }

    private static let asAdministrator = "as the server's administrator, where it runs: "
}
