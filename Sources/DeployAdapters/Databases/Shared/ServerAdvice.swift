import DeployCore

/// What to do about a failure of a database server's client: the same words whatever it was asked for.
struct ServerAdvice {
    let access: ServerAccess
    /// As whom the client came; nil where that is not known.
    var role: ServerAccess.Role?

    /// nil where the cause is what was asked, or is not known.
    func of(_ complaint: String) -> String? {
        if let known = SilentServer.advice(for: complaint) ?? MissingProgram.advice(for: complaint)
            ?? PostgreSQLTools.advice(for: complaint)
        {
            return known
        }
        let said = ServerWords(complaint)
        return access.definition?.engine == .mysql
            ? MySQLAdvice(access: access, said: said).text
            : PostgreSQLAdvice(access: access, role: role, said: said).text
    }

    /// How a person brings definition and server to the same password; `role`: whose it is.
    static func password(of role: ServerAccess.Role, _ access: ServerAccess) -> String {
        let (definition, name) = (access.definition, access.layout.environment.name)
        let isAdmin = role == .admin && definition?.admin != nil
        let key = isAdmin ? "database.admin.password" : "database.password"
        let source = isAdmin ? definition?.admin?.password : definition?.password
        let then = isAdmin ? "" : ", then deployctl \(access.serves ? "restart " : "")\(name)"
        return switch source {
        case .file:
            "give it the password that the server knows: deployctl secret set \(name) \(key)\(then)"
        case let source?: "put the password that the server knows into \(source.place)\(then)"
        case nil: "name the password in the definition: \"\(key)\""
        }
    }
}

extension ServerAccess {
    /// What to do about a client's failure; nil where the cause is what was asked, or is not known.
    ///
    /// `role`: as whom it came; nil where that is not known.
    func advice(for complaint: String, as role: Role? = nil) -> String? {
        ServerAdvice(access: self, role: role).of(complaint)
    }

    /// Whether a server's user is the administrator, or the application's own.
    func role(of user: String) -> Role {
        user == self.user(.application) && user != self.user(.admin) ? .application : .admin
    }
}
