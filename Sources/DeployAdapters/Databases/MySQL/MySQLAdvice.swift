import DeployCore

/// What to do about a refusal of MySQL's or MariaDB's, mostly a line to type.
struct MySQLAdvice {
    let access: ServerAccess
    let said: ServerWords

    /// nil where the cause is what was asked, or is not known.
    var text: String? {
        switch said.number {
        case 1045: password
        // MariaDB's where no password would help.
        case 1698: account
        case 1044, 1142, 1143, 1227, 1370, 1410: right
        case 1419: MySQLRights.advice
        default: state
        }
    }

    private var state: String? {
        switch said.number {
        case 1130: "let this machine in: CREATE USER for the address that the server names"
        case 1053, 1077, 2006, 2013, 2055:
            "the server went away meanwhile: see that it runs (its own log says why it ended), then run the same command again"
        case 1040, 1203, 1226:
            "as the server's administrator, for whom one is kept, end connections that nobody needs (SHOW PROCESSLIST) or raise max_connections, then run the same command again"
        case 1836: Self.otherServer
        case 1290: said.words.holds("read-only") || said.words.holds("read_only") ? Self.otherServer : nil
        case 2026: certificate
        case 3159: "as the server's administrator: \(Self.unencrypted)"
        case 3, 1021, 1026, 1114: Self.room
        case 1030: said.words.holds(" 28 ") ? Self.room : nil
        default: nil
        }
    }

    static let otherServer =
        "let database.host and database.port name the server that takes writes, or, where this is the one: SET GLOBAL read_only = 0"
    /// What lets clients in where the server demands encryption that it does not offer.
    static let unencrypted =
        "give the server a certificate (ssl_cert and ssl_key under [mysqld]), or SET GLOBAL require_secure_transport = OFF"
    private static let room = "make room where the server keeps its data, then run the same command again"

    /// The client says, in its library's words, what it does not like.
    private var certificate: String? {
        let words = said.words.lowered
        if words.holds("ssl is required") { return "as the server's administrator: \(Self.unencrypted)" }
        if words.holds("expired") { return "renew the certificate that the server shows" }
        if ["hostname", "host name", "validation of"].contains(where: words.holds) {
            return
                "let database.host be a name that stands in the server's certificate"
        }
        return
            "let this machine trust the server's certificate: its authority's as a file .crt in /usr/local/share/ca-certificates, then update-ca-certificates"
    }

    private var names: [String] { said.quoted(by: "'") }

    private var password: String? {
        guard names.count >= 2 else { return nil }
        let (user, role) = (names[0], access.role(of: names[0]))
        guard said.words.holds("(using password") else { return right }
        let account = Self.account(user, names[1])
        return ServerAdvice.password(of: role, access)
            + "; where the account is gone, as the server's administrator: CREATE USER \(account) IDENTIFIED BY 'PASSWORD'; \(grants(role, to: account))"
    }

    private var account: String? {
        guard names.count >= 2 else { return nil }
        let (account, role) = (Self.account(names[0], names[1]), access.role(of: names[0]))
        return
            "as the server's administrator: CREATE USER \(account) IDENTIFIED BY 'PASSWORD', or ALTER USER where it is there and comes by its socket only; \(grants(role, to: account))"
    }

    private var right: String? {
        let account = names.count >= 2 ? (names[0], names[1]) : (access.user() ?? "", "%")
        return
            "as the server's administrator: \(grants(access.role(of: account.0), to: Self.account(account.0, account.1)))"
    }

    private func grants(_ role: ServerAccess.Role, to account: String) -> String {
        Self.grants(
            role, to: account, on: access.definition?.name ?? "", isAlone: access.definition?.admin == nil)
    }

    static func account(_ user: String, _ host: String) -> String {
        "\(MySQLText.identifier(user))@\(MySQLText.identifier(host))"
    }

    /// What gives the one who makes databases all that is needed; `account`: as the server writes it.
    static func mending(_ account: String, on live: String, isAlone: Bool) -> String {
        let parts = account.cutLast(at: "@")
        let named = Self.account(
            parts.map { String($0.before) } ?? account, parts.map { String($0.after) } ?? "%")
        return "as the server's administrator: \(grants(.admin, to: named, on: live, isAlone: isAlone))"
    }

    /// The statements that give an account all it needs; `isAlone`: whether it is the application's and makes databases too.
    static func grants(_ role: ServerAccess.Role, to account: String, on database: String, isAlone: Bool)
        -> String
    {
        statements(role, to: account, on: database, isAlone: isAlone).joined(separator: "; ")
    }

    /// On the database of the definition and on those made beside it, which no other database's name begins like.
    static func statements(
        _ role: ServerAccess.Role, to account: String, on database: String, isAlone: Bool
    ) -> [String] {
        let live = "GRANT ALL PRIVILEGES ON \(MySQLText.grantPattern(database)).* TO \(account)"
        guard role == .admin else { return [live] }
        let pattern = MySQLText.identifier("\(MySQLText.pattern("\(database)__"))%")
        let copies = "GRANT ALL PRIVILEGES ON \(pattern).* TO \(account)"
        guard !isAlone else { return [live, copies] }
        return [live, copies].map { "\($0) WITH GRANT OPTION" } + [
            "GRANT SELECT ON mysql.* TO \(account)",
            "GRANT RELOAD, PROCESS\(connections) ON *.* TO \(account)",
        ]
    }

    /// What the right to end others' connections is called, to each product in a remark that it alone reads.
    private static let connections = " /*M!100502 , CONNECTION ADMIN */ /*!80000 , CONNECTION_ADMIN */"
}
