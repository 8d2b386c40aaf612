import DeployCore

/// What the accounts of a definition may do on the whole server.
struct MySQLRights {
    /// Kinds of objects that the server asks more for than a database's own rights.
    private static let guarded = ["trigger", "function", "package", "package body"]
    /// What makes the server ask for no more.
    static let advice =
        "as the server's administrator SET GLOBAL log_bin_trust_function_creators = 1, and the same under [mysqld] in my.cnf"
    let server: MySQLServer

    /// - Throws: `.stepFailed` where these objects of a database could not be made again by the application's user.
    func demandMaking(_ objects: [String: Int], of database: String) throws(DeployError) {
        guard let why = try obstacle(to: objects) else { return }
        throw DeployError(
            .stepFailed,
            what: "\(server.user) could not make the triggers and functions of \(database) again",
            why: why, next: Self.advice)
    }

    /// Why the application's user cannot make these objects; nil when it can.
    func obstacle(to objects: [String: Int]) throws(DeployError) -> String? {
        guard Self.guarded.contains(where: { objects[$0, default: 0] > 0 }) else { return nil }
        let settings = try server.query(
            "SELECT @@GLOBAL.log_bin, @@GLOBAL.log_bin_trust_function_creators;", as: .application)
        guard settings.first == ["1", "0"] else { return nil }
        let rights = try everywhere(.application)
        guard !rights.contains(where: ["ALL PRIVILEGES", "SUPER", "BINLOG ADMIN"].contains) else {
            return nil
        }
        return
            "the server keeps a binary log and lets only who has SUPER make triggers and functions, unless log_bin_trust_function_creators is on"
    }

    /// Whether the administrator may do everything on the server.
    func isUnbounded() throws(DeployError) -> Bool {
        try everywhere(.admin).contains { ["ALL PRIVILEGES", "SUPER"].contains($0) }
    }

    /// What the administrator needs and has not, for databases made beside this one.
    func lacks(on live: String) throws(DeployError) -> [DatabaseCaution] {
        if try server.query("SELECT @@GLOBAL.read_only;") == [["1"]] {
            return [
                DatabaseCaution(
                    subject: "writes", measured: "the server takes none: it is read-only",
                    next: MySQLAdvice.otherServer)
            ]
        }
        let grants = MySQLGrants(try server.query("SHOW GRANTS;").compactMap(\.first))
        guard grants.isWhole else { return [] }
        let isAlone = server.access.definition?.admin == nil
        let sibling = "\(live)__20260101000000_proof"
        var missing: [String] = []
        if !grants.all(on: sibling, passingOn: !isAlone) {
            missing.append("everything on databases whose names begin with \(live)")
        }
        // Its own sessions each account sees and ends without more.
        if !isAlone {
            if !grants.all(on: "mysql", or: "SELECT", passingOn: false) {
                missing.append("SELECT on mysql.*")
            }
            missing += ["PROCESS", "CONNECTION ADMIN"].filter { !grants.everywhere($0) }.map {
                "\($0) on *.*"
            }
        }
        guard !missing.isEmpty else { return [] }
        let account = try server.query("SELECT CURRENT_USER();").first?.first ?? ""
        return [
            DatabaseCaution(
                subject: "rights", measured: "\(server.admin) lacks \(missing.joined(separator: ", "))",
                next: MySQLAdvice.mending(account, on: live, isAlone: isAlone))
        ]
    }

    /// Rights on all databases, in the server's words.
    private func everywhere(_ role: ServerAccess.Role) throws(DeployError) -> [String] {
        try server.query("SHOW GRANTS;", as: role).compactMap(\.first).flatMap { line -> [String] in
            guard let rights = line.after("GRANT "), line.begins(with: "GRANT "),
                let list = String(rights).split(at: " ON *.* TO ", max: 1).first, rights.holds(" ON *.* TO ")
            else { return [] }
            return list.split(at: ", ").map(String.init)
        }
    }
}
